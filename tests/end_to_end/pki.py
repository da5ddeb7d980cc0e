"""Certificates for tests: an authority, what it issues, and what it revokes."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


class Issued:
    """A certificate in files: its own, its key's, and both in one."""

    def __init__(self, base: Path, certificate: x509.Certificate) -> None:
        self.certificate = base.with_suffix(".crt")
        self.key = base.with_suffix(".key")
        self.value = certificate

    @property
    def fingerprint(self) -> str:
        """As RFC 7407 writes it."""
        return "04:" + self.value.fingerprint(hashes.SHA256()).hex(":")


class Authority:
    """Signs certificates; its own is ``issued``."""

    def __init__(self, directory: Path, name: str, parent: "Authority | None" = None) -> None:
        self.directory = directory
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._serial = 1
        signer = parent or self
        self.issued = signer._write(name, self._builder(self._name, self._key, signer), self._key)

    def issue(
        self,
        name: str,
        *alternatives: x509.GeneralName,
        file: str | None = None,
        expires: timedelta = 30 * DAY,
    ) -> Issued:
        """Issue a certificate with this common name."""
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(subject, key, self, is_authority=False, expires=expires)
        if alternatives:
            builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), False)
        return self._write(file or name, builder, key)

    def revoke(self, *revoked: Issued) -> Path:
        """Write a revocation list of these."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._name)
            .last_update(NOW - DAY)
            .next_update(NOW + DAY)
        )
        for each in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(each.value.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(NOW - DAY).build())
        file = self.issued.certificate.with_suffix(".crl")
        text = builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        file.write_bytes(text)
        return file

    def _builder(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        signer: "Authority",
        is_authority: bool = True,
        expires: timedelta = 30 * DAY,
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(signer._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - 60 * DAY)
            .not_valid_after(NOW + expires)
            .add_extension(x509.BasicConstraints(is_authority, None), True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer._key.public_key()), False
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        )

    def _write(
        self, name: str, builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey
    ) -> Issued:
        issued = Issued(self.directory / name, builder.sign(self._key, hashes.SHA256()))
        pem = serialization.Encoding.PEM
        issued.certificate.write_bytes(issued.value.public_bytes(pem))
        issued.key.write_bytes(
            key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )
        issued.key.chmod(0o600)
        return issued


def dns(name: str) -> x509.DNSName:
    return x509.DNSName(name)


def email(name: str) -> x509.RFC822Name:
    return x509.RFC822Name(name)


def ip(address: str) -> x509.IPAddress:
    return x509.IPAddress(ipaddress.ip_address(address))


def client_context(authority: Authority, client: Issued | None) -> ssl.SSLContext:
    """Return what a client needs that checks the server."""
    context = ssl.create_default_context(cafile=str(authority.issued.certificate))
    context.check_hostname = False
    if client is not None:
        context.load_cert_chain(client.certificate, client.key)
    return context
