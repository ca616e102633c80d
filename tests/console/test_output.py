"""Results as they are printed: what others wrote is shown, and never obeyed."""

import pytest

from marketmover.console import Table, print_table, say


def test_a_cell_cannot_command_the_terminal_nor_break_its_row(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(Table("", ("name", "spend"), [("\x1b[2J\x1b]0;owned\x07Shoes\r\nSale\t\u202eesaP", "1.00")]))
    head, row = capsys.readouterr().out.splitlines()
    assert head.split() == ["name", "spend"]
    assert row.isprintable()
    assert "Shoes" in row
    assert row.endswith("  1.00")


def test_names_of_every_script_are_printed_as_they_stand(capsys: pytest.CaptureFixture[str]) -> None:
    names = ["حملة الصيف", "春のセール", "Été 🏃‍♀️", "हिन्दी", "[bold]US[/bold]"]
    print_table(Table("", ("name",), [(name,) for name in names]))
    assert capsys.readouterr().out.splitlines()[1:] == names


def test_messages_cannot_command_the_terminal_either(capsys: pytest.CaptureFixture[str]) -> None:
    say("\x1b[31mno such file\nsecond line")
    assert capsys.readouterr().err == "\ufffd[31mno such file\nsecond line\n"
