"""The command line: serve, and make what the settings need."""

import argparse
import getpass
import logging
import sys
from collections.abc import Callable
from pathlib import Path

from server.app import App, StartRefused
from server.passwords import PasswordHash
from server.settings import Settings, SettingsError, development_settings, load_settings
from server.transport.serving import serve

_log = logging.getLogger("server")


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="ipsec-qos-netconf", description="A NETCONF server for the QoS of IPsec gateways."
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="log more")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_serve(commands)
    _add_clean(commands)
    _add_hash_password(commands)
    arguments = parser.parse_args()
    logging.basicConfig(
        level=logging.DEBUG if arguments.verbose else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except (SettingsError, StartRefused) as error:
        print(f"error: {error}", file=sys.stderr)
    except OSError as error:
        print(f"error: {error.strerror or error} {error.filename or ''}".strip(), file=sys.stderr)
    return 1


def _add_serve(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("serve", help="run the server")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("-s", "--settings", type=Path, help="the settings, a TOML file")
    source.add_argument(
        "--try",
        dest="trial",
        type=Path,
        metavar="DIRECTORY",
        help="try it: loopback port 2022, user admin, password admin, state in this directory",
    )
    parser.set_defaults(run=_serve)


def _add_clean(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "clean", help="take out of the kernel all that the driver linux made; stop the server first"
    )
    parser.add_argument("-s", "--settings", type=Path, required=True, help="a TOML file")
    parser.set_defaults(run=_clean)


def _add_hash_password(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "hash-password", help="ask for a password and print what the settings hold of it"
    )
    parser.set_defaults(run=_hash_password)


def _serve(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    app = App(settings)
    app.give_up_privileges()
    app.start()
    try:
        serve(
            settings,
            app.operations,
            app.sessions,
            lambda port: _announce(settings, port, arguments.trial is not None),
        )
    finally:
        app.close()
    return 0


def _clean(arguments: argparse.Namespace) -> int:
    app = App(load_settings(arguments.settings))
    try:
        if not app.clean():
            print("error: the settings name no driver linux: nothing to clean", file=sys.stderr)
            return 1
    finally:
        app.close()
    print("Tables, routes, rules and interface of this server are gone; the configuration stays.")
    return 0


def _settings(arguments: argparse.Namespace) -> Settings:
    if arguments.settings is not None:
        return load_settings(arguments.settings)
    return development_settings(arguments.trial.absolute())


def _announce(settings: Settings, port: int, is_trial: bool) -> None:
    address = settings.ssh.address or "every address"
    _log.info("NETCONF over SSH on %s port %d", address, port)
    _log.info("users: %s; state in %s", ", ".join(settings.users), settings.state_directory)
    if is_trial:
        _log.info("the password of admin is admin; try: netconf-console2 --port %d --hello", port)


def _hash_password(arguments: argparse.Namespace) -> int:
    password = getpass.getpass("password: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    if not password:
        print("error: an empty password is not taken", file=sys.stderr)
        return 1
    print(PasswordHash.make(password).to_text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
