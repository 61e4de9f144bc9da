"""The page that lists the requirements is true."""

from .page import PAGE, page


def test_the_page_is_what_would_be_printed() -> None:
    assert PAGE.read_text() == page(), "make docs"
