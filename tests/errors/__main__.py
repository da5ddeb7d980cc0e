"""``python -m tests.errors > docs/errors.md``: ask real servers, write the page."""

import sys

from tests.errors.page import page, perform_all

sys.stdout.write(page(perform_all()))
