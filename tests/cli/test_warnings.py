"""Warnings of libraries are for who develops them: a command prints none unless Python is asked for them."""

import sys
import warnings

import pytest

from citybraid.cli import app


def warn(**_how: object) -> None:
    """Stand for the program, whatever it is run with."""
    warnings.warn("DataFrame is highly fragmented", UserWarning, stacklevel=1)


def test_a_command_prints_no_warning_of_a_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "app", warn)
    monkeypatch.setattr(sys, "warnoptions", [])
    with warnings.catch_warnings(record=True) as told, pytest.raises(SystemExit, match="0"):
        app.main()
    assert not told


def test_who_asks_for_them_gets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "app", warn)
    monkeypatch.setattr(sys, "warnoptions", ["default"])
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("default")
        with pytest.raises(SystemExit, match="0"):
            app.main()
    assert len(told) == 1
