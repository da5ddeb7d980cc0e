"""date-and-time of ietf-yang-types (RFC 6991): text -> canonical text.

RFC 6991 has the canonical form use the device's offset; this device keeps UTC. ``-00:00``, an
unknown offset, stays. Days and hours that do not exist are refused, though the pattern lets them
pass (RFC 3339, section 5.7); a leap second is the first second of the next minute.
"""

import re
from datetime import datetime, timedelta

from .values import InvalidValue, quote

_MATCH = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}):([0-9]{2})(\.[0-9]+)?"
    r"(?:Z|([+-])([0-9]{2}):([0-9]{2}))"
).fullmatch


def date_and_time(text: str) -> str:
    """Give the date-and-time in UTC, or as it is where its offset is unknown."""
    match = _MATCH(text)
    if match is None:
        raise _refusal(text)
    minute, second, fraction, sign, hours, minutes = match.groups("")
    try:
        moment = datetime.fromisoformat(minute) + _seconds(second) - _offset(sign, hours, minutes)
    except (OverflowError, ValueError):
        raise _refusal(text) from None
    known = "-00:00" if (sign, hours, minutes) == ("-", "00", "00") else "+00:00"
    return f"{moment.isoformat(timespec='seconds')}{fraction}{known}"


def _seconds(text: str) -> timedelta:
    seconds = int(text)
    if seconds > 60:
        raise ValueError
    return timedelta(seconds=seconds)


def _offset(sign: str, hours: str, minutes: str) -> timedelta:
    if not sign:
        return timedelta()
    if hours > "23" or minutes > "59":
        raise ValueError
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return -offset if sign == "-" else offset


def _refusal(text: str) -> InvalidValue:
    return InvalidValue(f"{quote(text)} is not a date and time")
