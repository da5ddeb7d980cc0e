"""The command line: serve, and make what the settings need."""

import argparse
import gc
import logging
import sys
from pathlib import Path

from server.transport import subsystem


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="ipsec-qos-netconf", description="A NETCONF server for the QoS of IPsec gateways."
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="log more")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_serve(commands)
    _add_clean(commands)
    _add_hash_password(commands)
    _add_subsystem(commands)
    arguments = parser.parse_args()
    logging.basicConfig(
        level=logging.DEBUG if arguments.verbose else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    # sshd runs this one for each session; what the others load takes a third of a second.
    if arguments.command == "subsystem":
        return subsystem.join(str(arguments.socket))
    gc.disable()  # what is imported stays; App.start lets the collector work
    from server.commands import run

    return run(arguments)


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


def _add_clean(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "clean", help="take out of the kernel all that the driver linux made; stop the server first"
    )
    parser.add_argument("-s", "--settings", type=Path, required=True, help="a TOML file")


def _add_hash_password(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    commands.add_parser(
        "hash-password", help="ask for a password and print what the settings hold of it"
    )


def _add_subsystem(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "subsystem", help="join standard input and output with the socket of a running server"
    )
    parser.add_argument("--socket", type=Path, required=True, metavar="PATH", help="[unix] path")


if __name__ == "__main__":
    sys.exit(main())
