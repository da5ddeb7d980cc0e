"""What a connection needs of whatever carries its bytes."""

from typing import Protocol


class Channel(Protocol):
    """A stream of bytes in both directions."""

    def writelines(self, pieces: list[bytes], /) -> None:
        """Send; ``Connection.pause_writing`` is called when too much waits. Raises OSError."""
        ...

    def pause_reading(self) -> None:
        """Deliver no more data."""
        ...

    def resume_reading(self) -> None:
        """Deliver data again, possibly at once."""
        ...

    def finish(self, status: int) -> None:
        """Send what waits, then the end of file, the exit status, and the end of the channel."""
        ...

    def abort(self) -> None:
        """End the channel now, whatever waits."""
        ...
