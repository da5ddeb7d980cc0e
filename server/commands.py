"""What the commands of the command line do, but for ``subsystem``."""

import argparse
import getpass
import logging
import sys
from collections.abc import Sequence

from server.app import App, StartRefused
from server.passwords import PasswordHash
from server.settings import Settings, SettingsError, development_settings, load_settings
from server.transport.serving import serve as serve_until_stopped

_log = logging.getLogger("server")


def run(arguments: argparse.Namespace) -> int:
    """Do what the command says; return the exit status."""
    try:
        return _COMMANDS[arguments.command](arguments)
    except (SettingsError, StartRefused) as error:
        print(f"error: {error}", file=sys.stderr)
    except OSError as error:
        print(f"error: {error.strerror or error} {error.filename or ''}".strip(), file=sys.stderr)
    return 1


def _serve(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    app = App(settings)
    app.give_up_privileges()
    app.start()
    try:
        serve_until_stopped(
            settings,
            app.operations,
            app.sessions,
            lambda places: _announce(settings, places, arguments.trial is not None),
            app.audit.trail,
            app.audit.reopen,
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


def _announce(settings: Settings, places: Sequence[str], is_trial: bool) -> None:
    for place in places:
        _log.info("NETCONF over %s", place)
    _log.info("users: %s; state in %s", ", ".join(settings.users), settings.state_directory)
    if is_trial:
        port = settings.ssh.port
        _log.info("the password of admin is admin; try: netconf-console2 --port %d --hello", port)


def _hash_password(arguments: argparse.Namespace) -> int:
    password = getpass.getpass("password: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    if not password:
        print("error: an empty password is not taken", file=sys.stderr)
        return 1
    print(PasswordHash.make(password).to_text())
    return 0


_COMMANDS = {"serve": _serve, "clean": _clean, "hash-password": _hash_password}
