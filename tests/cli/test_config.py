"""The settings: their order, and what is said of those that are wrong."""

import ctypes
import sys
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from boxoffice import ProblemError
from boxoffice.cli.app_context import AppContext
from boxoffice.cli.commands import Options
from boxoffice.config import Settings, read_settings
from boxoffice.domain.money import format_money
from boxoffice.paths import default_config, default_data, lane_name, site_folder


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def problem(options: dict[str, object], config: Path | None = None) -> ProblemError:
    with pytest.raises(ProblemError) as raised:
        read_settings(options, config)
    return raised.value


def test_without_anything_each_setting_has_a_default() -> None:
    settings = read_settings({})
    assert (settings.url, settings.event, settings.operator) == ("", "", "")
    assert settings.deadline == 1.5
    assert settings.doors == ()
    assert settings.keys == {}


def test_option_before_environment_before_file(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text('lane = "file"\noperator = "file"\nevent = "file"\n')
    monkeypatch.setenv("BOXOFFICE_LANE", "environment")
    monkeypatch.setenv("BOXOFFICE_OPERATOR", "environment")
    settings = read_settings({"lane": "option"}, config)
    assert (settings.lane, settings.operator, settings.event) == ("option", "environment", "file")


def test_an_empty_variable_is_none(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text('lane = "file"\n')
    monkeypatch.setenv("BOXOFFICE_LANE", "")
    assert read_settings({}, config).lane == "file"


def test_everything_that_a_file_may_hold(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BOXOFFICE_DATA_DIR")
    config.write_text(
        'url = "test.ticketbutler.io"\n'
        'event = "Sommerfest"\nlane = "North"\noperator = "Åse"\n'
        f"data_dir = {str(tmp_path)!r}\n"
        'doors = ["Standard", "VIP"]\nextras = ["T-shirt"]\nnumbers = "admit"\nread_codes = false\n'
        'deadline = 3\nkeep_days = 7\ntheme = "boxoffice-contrast"\n'
        'ascii = true\nsound = "quiet"\nreduced_motion = true\n'
        'code_prefix = "TB;"\ncode_suffix = ["#", "END"]\n'
        "pay_at_door = true\n"
        'paid_states = ["manual", "Bank transfer"]\noverride = ["NOT PAID", "answers_needed"]\n'
        'hooks = "8801"\nhooks_public = "https://door.example.com/"\nhooks_register = true\n'
        'show = ["Allergies", "Size?"]\nattention = ["VIP"]\n'
        'locale = "da_DK"\nhub = "192.168.1.20"\nalone = "ask"\n[keys]\nundo = "ctrl+z"\n'
        '[sales]\noffline = true\ncheck_in = false\nemail = "h@example.com"\nreserve = 3\n'
        "cash_rounding = 0.05\n"
        'ticket_printer = "Office"\nreceipt_printer = "Roll"\n'
        '[badges]\nsize = "62x100"\nshow = ["Title"]\nat_check_in = true\nprinter = "Labels"\n'
    )
    read = asdict(read_settings({}, config))
    assert read.pop("file") == config
    assert set(read.pop("origins")) == set(read) - {"desk"}
    assert read == {
        "url": "https://test.ticketbutler.io",
        "event": "Sommerfest",
        "lane": "North",
        "operator": "Åse",
        "data_dir": tmp_path,
        "doors": ("Standard", "VIP"),
        "extras": ("T-shirt",),
        "show": ("Allergies", "Size?"),
        "attention": ("VIP",),
        "code_prefix": ("TB;",),
        "code_suffix": ("#", "END"),
        "pay_at_door": True,
        "paid_states": ("MANUAL", "BANK TRANSFER"),
        "override": ("not_paid", "answers_needed"),
        "numbers": "admit",
        "read_codes": False,
        "keep_days": 7,
        "deadline": 3.0,
        "sales": {
            "offline": True,
            "check_in": False,
            "email": "h@example.com",
            "cash_rounding": Decimal("0.05"),
            "reserve": 3,
            "ticket_printer": "Office",
            "receipt_printer": "Roll",
        },
        "badges": {
            "size": "62x100",
            "show": ("Title",),
            "at_check_in": True,
            "printer": "Labels",
        },
        "language": "en",
        "locale": "da_DK",
        "theme": "boxoffice-contrast",
        "ascii": True,
        "sound": "quiet",
        "reduced_motion": True,
        "keys": {"undo": "ctrl+z"},
        "hooks": "127.0.0.1:8801",
        "hooks_public": "https://door.example.com",
        "hooks_register": True,
        "hub": "192.168.1.20:4715",
        "alone": "ask",
        "desk": None,
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ofline = true", "sales.ofline is not a setting; known are offline, check_in"),
        ("reserve = -1", "sales.reserve"),
        ("reserve = 9999999999", "sales.reserve"),
        ("cash_rounding = 1e-30", "sales.cash_rounding: a coin has at most three decimals."),
        ("cash_rounding = 0", "sales.cash_rounding"),
        ('cash_rounding = "coins"', "sales.cash_rounding"),
        ('offline = "perhaps"', "sales.offline"),
    ],
)
def test_sales_that_are_set_wrongly(config: Path, line: str, said: str) -> None:
    config.write_text(f"[sales]\n{line}\n")
    assert said in problem({}, config).sentence


def test_what_may_be_set_aside(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    always = {"wrong_day", "wrong_door"}
    assert read_settings({}).door_policy.may_override == always
    config.write_text('override = ["not_paid", "wrong_day"]\n')
    assert read_settings({}, config).door_policy.may_override == {*always, "not_paid"}
    monkeypatch.setenv("BOXOFFICE_OVERRIDE", "answers-needed; Not paid")
    assert read_settings({}, config).door_policy.may_override == {
        *always,
        "not_paid",
        "answers_needed",
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('override = ["refunded"]', "override: refunded cannot be overridden, only answers_needed"),
        ('override = "already_in"', "override: already_in cannot be overridden"),
        ("override = [7]", "override"),
        ('paid_states = ["NEW", "refunded"]', "paid_states: REFUNDED never admits"),
        ('paid_states = "Cancelled"', "paid_states: CANCELLED never admits"),
        ("paid_states = true", "paid_states"),
    ],
)
def test_what_can_never_be_set_aside_or_taken_as_paid(config: Path, line: str, said: str) -> None:
    config.write_text(f"{line}\n")
    error = problem({}, config)
    assert f"{config}: {said}" in error.sentence
    assert "\n" not in error.sentence


def test_states_that_are_taken_as_paid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOXOFFICE_PAID_STATES", " manual ;; On Account")
    assert read_settings({}).paid_states == ("MANUAL", "ON ACCOUNT")


def test_doors_in_one_text(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text('doors = "Standard"\n')
    assert read_settings({}, config).doors == ("Standard",)
    monkeypatch.setenv("BOXOFFICE_DOORS", "Standard; Dinner, seated")
    assert read_settings({}, config).doors == ("Standard", "Dinner, seated")


def test_what_is_around_a_code_is_kept_as_a_scan_has_it(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_settings({}).code_prefix == read_settings({}).code_suffix == ()
    config.write_text('code_prefix = ["\\u001d", " TB\\u0002 ", ""]\n')
    assert read_settings({}, config).code_prefix == ("TB",)
    monkeypatch.setenv("BOXOFFICE_CODE_SUFFIX", ";")
    assert read_settings({}).code_suffix == (";",)


def test_the_file_is_named_by_a_variable_or_lies_where_the_system_keeps_such_files(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = default_config()
    usual.parent.mkdir(parents=True)
    usual.write_text('lane = "usual"\n')
    assert read_settings({}).lane == "usual"
    config.write_text('lane = "named"\n')
    monkeypatch.setenv("BOXOFFICE_CONFIG", str(config))
    assert read_settings({}).lane == "named"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lane = ", "is not TOML"),
        ("deadline = 'soon'\n", "deadline: "),
        ("deadline = 0\n", "deadline: "),
        ("lane = 7\n", "lane: "),
        ("doors = [1]\n", "doors.0: "),
        ("code_prefix = 7\n", "code_prefix: "),
        ("code_suffix = [7]\n", "code_suffix.0: "),
        ("keys = 'ctrl+z'\n", "keys: "),
        ("colour = 'red'\n", "colour is not a setting"),
        ("token = 'secret'\n", "token is not a setting"),
        ("[lanes]\nnorth = 1\n", "lanes is not a setting"),
        ("url = 'http://tickets.example.org'\n", "url: "),
        (f"deadline = 1{'0' * 5_000}\n", "a number in it is too long"),
        (f"doors = {'[' * 3_000}{']' * 3_000}\n", "nested too deep"),
        (f"[{'keys.' * 3_000}keys]\n", "keys"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_file_and_key(
    config: Path, text: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOXOFFICE_TOKEN", "a-key")  # no setting, but a variable all the same
    config.write_text(text)
    error = problem({}, config)
    assert error.sentence.startswith(str(config))
    assert said in error.sentence
    assert "secret" not in error.sentence
    assert "\n" not in error.sentence
    assert error.status == 1


def test_a_file_that_is_not_text(config: Path) -> None:
    config.write_bytes(b"lane = '\xff'\n")
    assert "UTF-8" in problem({}, config).sentence


def test_a_file_that_begins_with_a_byte_order_mark(config: Path) -> None:
    config.write_text('lane = "Nord"\n', encoding="utf-8-sig")
    assert read_settings({}, config).lane == "Nord"


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_data_folder_is_none(
    empty: str, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BOXOFFICE_DATA_DIR")
    config.write_text(f"data_dir = {empty!r}\n")
    assert read_settings({"data_dir": empty}, config).data_dir == default_data()
    config.write_text(f"data_dir = {str(tmp_path)!r}\n")
    assert read_settings({"data_dir": empty}, config).data_dir == tmp_path


def test_an_empty_option_of_the_command_line_is_none() -> None:
    usual = Options().settings().data_dir
    assert Options(data_dir="").settings().data_dir == usual


def test_a_home_that_nobody_has(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = problem({"data_dir": "~nobody-of-this-name/x"})
    assert error.sentence.startswith("--data-dir: ")
    assert error.status == 2
    monkeypatch.delenv("BOXOFFICE_DATA_DIR")
    config.write_text('data_dir = "/tmp/a\\u0000b"\n')
    assert problem({}, config).sentence == f"{config}: data_dir: input is not a valid path."
    config.write_text("data_dir = '~nobody-of-this-name/x'\n")
    assert problem({}, config).sentence.startswith(f"{config}: data_dir: ")
    there = Path("~nobody-of-this-name/config.toml")
    assert problem({}, there).sentence == f"There is no config file {there}."
    monkeypatch.setenv("BOXOFFICE_CONFIG", str(there))
    assert problem({}).sentence == f"There is no config file {there}."


def test_a_file_that_is_named_must_be_there(config: Path) -> None:
    assert problem({}, config).sentence == f"There is no config file {config}."


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert str(tmp_path) in problem({}, tmp_path).sentence


def test_a_wrong_option_is_named_as_one() -> None:
    error = problem({"url": "ftp://x"})
    assert error.sentence.startswith("--url: ")
    assert error.status == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [("BOXOFFICE_URL", "http://x.example"), ("BOXOFFICE_DEADLINE", "x"), ("BOXOFFICE_KEYS", "[")],
)
def test_a_wrong_variable_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    assert problem({}).sentence.startswith(name)


def test_settings_do_not_hold_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOXOFFICE_TOKEN", "4f5e6d7c")
    assert "4f5e6d7c" not in repr(read_settings({}))
    assert "token" not in Settings.readers()


@pytest.mark.skipif(sys.platform == "win32", reason="stands in for Windows on other systems")
def test_on_windows_money_is_written_as_the_person_has_set_it(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No variable says it there."""

    def name_locale(buffer: Any, size: int) -> None:
        assert size == len(buffer)
        buffer.value = "da-DK"

    kernel32 = SimpleNamespace(GetUserDefaultLocaleName=name_locale)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel32), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    locale = read_settings({}).locale
    assert format_money(Decimal("1234.5"), "DKK", locale) == "1.234,50 kr."
    config.write_text('locale = "en_GB"')
    assert read_settings({}, config).locale == "en_GB"


def test_each_site_has_its_folder(tmp_path: Path) -> None:
    sites = (
        "http://127.0.0.1:8100",
        "http://127.0.0.1:8101",
        "http://localhost:8101",
        "https://test.ticketbutler.io",
        "https://test.ticketbutler.io:8100",
    )
    for _ in range(2):
        assert [site_folder(tmp_path, site).name for site in sites] == [
            "localhost",
            "localhost_8101",
            "localhost_8101",
            "test.ticketbutler.io",
            "test.ticketbutler.io_8100",
        ]


def test_the_first_site_on_this_computer_goes_on_with_what_is_there(tmp_path: Path) -> None:
    older = tmp_path / "localhost" / "journal.db"
    older.parent.mkdir()
    older.touch()
    assert site_folder(tmp_path, "http://127.0.0.1:8100") == older.parent
    assert site_folder(tmp_path, "http://127.0.0.1:8101") != older.parent
    assert older.exists()


def test_a_lane_stays_what_it_was_called_first(tmp_path: Path) -> None:
    assert lane_name(tmp_path, "anna-mac") == "anna-mac"
    assert lane_name(tmp_path, "dhcp-10-0-0-7") == "anna-mac"
    assert AppContext(Settings(data_dir=tmp_path)).settings.lane == "anna-mac"
    assert AppContext(Settings(data_dir=tmp_path, lane="North")).settings.lane == "North"
    (tmp_path / "lane").write_bytes(b"\xff")
    assert lane_name(tmp_path, "dhcp-10-0-0-7") == "dhcp-10-0-0-7"
