"""`heron kb`: what people who write articles type, and what they are told."""

import builtins
import json
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from bot.recognition.certainty import SHIPPED
from tests.cli.conftest import Heron, lines
from tests.tiny_knowledge import write_tiny_templates

DIM = {"id": "dim", "text": "Glow says 503 upstream is dim, wait 30 seconds", "label": "upstream-dim"}
WICK = {"id": "wick", "title": "so dark", "text": "503 wick limit reached", "label": "upstream-dim"}
TALK = {"id": "talk", "text": "I built a lamp shelf this weekend, look at it", "label": "not-support"}
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    path = tmp_path / "posts.jsonl"
    path.write_text(lines(DIM, WICK, TALK), "utf-8")
    return path


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A second templates folder, to be changed."""
    return write_tiny_templates(tmp_path / "other")


@pytest.fixture
def fresh(tmp_path: Path, desk: Path) -> dict[str, str]:
    """The tiny templates in a folder that may be written to."""
    shutil.copytree(desk / "templates", tmp_path / "templates")
    return {"TEMPLATES_DIR": str(tmp_path / "templates")}


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_check_ends_with_advice_that_is_no_error(heron: Heron) -> None:
    ran = heron("kb", "check", "--at", "2026-11-24")
    assert (ran.status, ran.err) == (0, "")
    assert "advice: articles/lost-lamp.md:1: examples: 2 examples" in ran.out
    assert ran.out.endswith("every article, message and fact is in order\n")


def test_check_names_what_is_wrong_and_leaves_with_2(heron: Heron, other: Path) -> None:
    replace(other / "articles" / "wick-limit.md", "wick is at its limit.**", "wick is at its limit!**")
    ran = heron("kb", "check", "--at", "2026-11-24", env={"TEMPLATES_DIR": str(other)})
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("articles/wick-limit.md:14: lead: an exclamation mark (")


def test_evaluate_prints_the_figures_and_every_wrong_post(heron: Heron, posts: Path) -> None:
    ran = heron("kb", "evaluate", str(posts))
    assert (ran.status, ran.err) == (0, "")
    for said in ("answer precision", "50.0 %", "9.5 to 90.5", "macro F1", "coverage", "wrong: 1 of 3"):
        assert said in ran.out
    assert "wick  upstream-dim → wick-limit  answer  so dark" in ran.out


def test_evaluate_gives_the_same_as_json(heron: Heron, posts: Path) -> None:
    (row,) = heron("kb", "evaluate", str(posts), "--json").rows
    assert (row["posts"], row["right"], row["must_right"], row["coverage"]) == (3, 0.6667, 0.5, 1.0)
    assert (row["answer_precision"], row["answer_precision_low"]) == (0.5, 0.0945)
    assert row["answers_out_of_scope"] == 0.0
    assert row["confusion"]["upstream-dim"] == {"upstream-dim": 1, "wick-limit": 1}
    assert [one["id"] for one in row["wrong"]] == ["wick"]
    assert len(row["curve"]) == len({point["threshold"] for point in row["curve"]})


def test_evaluate_draws_into_a_folder(heron: Heron, posts: Path, tmp_path: Path) -> None:
    ran = heron("kb", "evaluate", str(posts), "--json", "--out", str(tmp_path / "new" / "folder"))
    assert ran.status == 0
    drawn = sorted((tmp_path / "new" / "folder").iterdir())
    assert [path.name for path in drawn] == [
        "confusion.png",
        "evaluation.json",
        "precision-coverage.png",
        "reliability.png",
    ]
    assert json.loads(drawn[1].read_text("utf-8")) == ran.rows[0]
    for path in drawn:
        if path.suffix == ".png":
            assert path.read_bytes().startswith(PNG)


def test_without_matplotlib_one_line_says_how_to_get_it(
    heron: Heron, posts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    import_module = builtins.__import__

    def without_charts(name: str, *args: object, **kwargs: object) -> ModuleType:
        if name.partition(".")[0] == "matplotlib":
            raise ImportError(name)
        return import_module(name, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without_charts)
    ran = heron("kb", "evaluate", str(posts), "--json", "--out", str(tmp_path / "charts"))
    assert ran.status == 0
    assert ran.err == "charts need matplotlib: pip install 'heron[charts]'\n"
    assert [path.name for path in (tmp_path / "charts").iterdir()] == ["evaluation.json"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"id": 9, "text": "x"}, "2: label: "),
        ({"id": 9, "text": "x", "label": "upstream-dimm"}, "2: label: `upstream-dimm` is no article (did you mean"),
        ({"id": 9, "label": "other", "also": ["lost-lmp"]}, "2: also: `lost-lmp` is no article (did you mean"),
        ({"id": "dim", "label": "other"}, "2: id: dim stands in line 1 already"),
        ({"id": 9, "label": "other", "entities": {"secrets": "x"}}, "2: entities.secrets: "),
        ({"id": 9, "label": "other", "needs_info": "perhaps"}, "2: needs_info: "),
    ],
)
@pytest.mark.parametrize("command", ["evaluate", "calibrate"])
def test_a_bad_label_is_named_by_line_and_key(heron: Heron, command: str, line: object, said: str) -> None:
    ran = heron("kb", command, "-", given=lines(DIM, line))
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"standard input:{said}")


def test_nothing_to_measure_is_an_error(heron: Heron, tmp_path: Path) -> None:
    assert heron("kb", "evaluate", "-", given="\n").err == (
        "standard input:1: no post in it (write one JSON object a line)\n"
    )
    (tmp_path / "taken").touch()
    ran = heron("kb", "evaluate", "-", "--out", str(tmp_path / "taken"), given=lines(DIM))
    assert (ran.status, ran.out) == (2, "")
    assert "name a folder" in ran.err


MANY = [{**DIM, "id": n} for n in range(60)] + [{**TALK, "id": 100 + n} for n in range(20)]


def test_calibrate_writes_numbers_and_says_what_they_are_worth(
    heron: Heron, fresh: dict[str, str], tmp_path: Path
) -> None:
    ran = heron("kb", "calibrate", "-", "--at", "2026-11-24", given=lines(*MANY), env=fresh)
    assert (ran.status, ran.err) == (0, "")
    assert "posts not fitted on" in ran.out
    written = json.loads((tmp_path / "templates" / "calibration.json").read_text("utf-8"))
    assert (written["n"], written["date"], written["floors"]) == (80, "2026-11-24", {})
    assert {name for name, value in written.items() if isinstance(value, str)} == {"date", "knowledge_base"}
    assert heron("diagnose", "-", "--json", given=lines(DIM), env=fresh).rows[0]["actions"] == ["answer"]


def test_calibrate_gives_the_same_bytes_again(heron: Heron, fresh: dict[str, str], tmp_path: Path) -> None:
    path, seen = tmp_path / "templates" / "calibration.json", set()
    for _ in range(2):
        assert heron("kb", "calibrate", "-", "--at", "2026-11-24", given=lines(*MANY), env=fresh).status == 0
        seen.add(path.read_bytes())
    assert len(seen) == 1
    (row,) = heron("kb", "calibrate", "-", "--json", "--at", "2026-11-24", given=lines(*MANY), env=fresh).rows
    assert row["held_out"]["answer_precision"] == 1.0
    assert row["posts"] == 80


def test_calibrate_takes_several_files(heron: Heron, fresh: dict[str, str], tmp_path: Path) -> None:
    for name, posts in (("a", MANY[:40]), ("b", MANY[40:])):
        (tmp_path / f"{name}.jsonl").write_text(lines(*posts), "utf-8")
    ran = heron("kb", "calibrate", str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl"), "--json", env=fresh)
    assert ran.rows[0]["posts"] == 80


@pytest.mark.parametrize("precision", ["0.999", "0", "1", "97"])
def test_calibrate_writes_nothing_when_it_cannot_keep_its_word(
    heron: Heron, fresh: dict[str, str], tmp_path: Path, precision: str
) -> None:
    before = sorted(tmp_path.rglob("*"))
    ran = heron("kb", "calibrate", "-", "--precision", precision, given=lines(*MANY), env=fresh)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"--precision {float(precision)}: ")
    assert sorted(tmp_path.rglob("*")) == before


def test_calibrate_without_posts_weighs_the_examples_and_keeps_the_thresholds(
    heron: Heron, fresh: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "templates" / "calibration.json"
    assert heron("kb", "calibrate", "-", "--at", "2026-11-24", given=lines(*MANY), env=fresh).status == 0
    before = json.loads(path.read_text("utf-8"))
    assert before["beliefs"] is None
    ran = heron("kb", "calibrate", "--at", "2026-11-25", env=fresh)
    assert (ran.status, ran.out.splitlines()[-1]) == (0, f"written to {path}; weigh the thresholds again")
    for basis in SHIPPED:
        assert basis.value in ran.out
    after = json.loads(path.read_text("utf-8"))
    assert after["beliefs"] == {basis.value: list(weights) for basis, weights in SHIPPED.items()}
    assert after["date"] == "2026-11-25"
    thresholds = ("exact_floor", "text_floor", "floors", "out_of_scope_ceiling")
    assert [after[name] for name in thresholds] == [before[name] for name in thresholds]
    assert heron("diagnose", "-", "--json", given=lines(DIM), env=fresh).rows[0]["actions"] == ["answer"]
    (row,) = heron("kb", "calibrate", "--json", "--at", "2026-11-25", env=fresh).rows
    assert {name: one["weights"] for name, one in row.items()} == after["beliefs"]
    assert sum(one["cases"] for one in row.values()) == after["n"] > 0


def test_calibrate_leaves_the_old_file_whole_when_the_disk_refuses(
    heron: Heron, fresh: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert heron("kb", "calibrate", "-", "--at", "2026-11-24", given=lines(*MANY), env=fresh).status == 0
    before = {path: path.read_bytes() for path in (tmp_path / "templates").iterdir() if path.is_file()}

    def refuse(_: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(Path, "replace", refuse)
    ran = heron("kb", "calibrate", "-", "--at", "2027-01-01", given=lines(*MANY), env=fresh)
    assert (ran.status, ran.out) == (2, "")
    assert "No space left on device; the folder must be writable" in ran.err
    assert {path: path.read_bytes() for path in (tmp_path / "templates").iterdir() if path.is_file()} == before


def test_diff_says_whose_answer_changes_and_how(heron: Heron, desk: Path, other: Path, posts: Path) -> None:
    article = other / "articles" / "upstream-dim.md"
    replace(article, "Buy [oil]", "Fetch [oil]")
    ran = heron("kb", "diff", str(desk / "templates"), str(other), str(posts))
    assert ran.status == 0
    assert "dim  message" in ran.out
    assert "- 2. Buy" in ran.out
    assert "+ 2. Fetch" in ran.out
    assert ran.out.endswith("1 of 3 posts change: 0 actions, 0 articles, 1 message\n")


def test_diff_as_json_has_both_sides(heron: Heron, desk: Path, other: Path, posts: Path) -> None:
    (other / "articles" / "wick-limit.md").unlink()
    (row,) = heron("kb", "diff", str(desk / "templates"), str(other), str(posts), "--json").rows
    assert (row["posts"], row["changed"]) == (3, len(row["changes"]))
    change = next(one for one in row["changes"] if one["id"] == "wick")
    assert {"articles", "message"} <= set(change["what"])
    assert change["before"]["articles"] == ["wick-limit"]
    assert "wick-limit" not in change["after"]["articles"]
    assert change["before"]["message"].startswith("**Lantern refused")


def test_diff_of_a_folder_with_itself_is_empty(heron: Heron, desk: Path, posts: Path) -> None:
    (row,) = heron("kb", "diff", str(desk / "templates"), str(desk / "templates"), str(posts), "--json").rows
    assert (row["changed"], row["changes"]) == (0, [])


def test_diff_of_a_folder_that_is_not_there_is_an_error(heron: Heron, desk: Path, tmp_path: Path, posts: Path) -> None:
    ran = heron("kb", "diff", str(desk / "templates"), str(tmp_path / "gone"), str(posts))
    assert (ran.status, ran.out) == (2, "")
    assert "gone:1: there is no such folder" in ran.err


def test_preview_shows_every_form_in_every_language(heron: Heron) -> None:
    ran = heron("kb", "preview", "upstream-dim")
    assert ran.status == 0
    for said in ("── full · en · ", "── brief · en · ", "── more · en · ", "── full · zh · ", "拒绝了请求"):
        assert said in ran.out
    assert "**Glow refused" in ran.out
    assert "In Lampion: the *Trace* tab" in ran.out


def test_preview_of_the_worst_is_longer(heron: Heron) -> None:
    usual, worst = (heron("kb", "preview", "upstream-dim", *options).out for options in ((), ("--worst",)))
    assert len(worst) > len(usual)
    assert "w" * 160 in worst


def test_preview_of_an_article_that_is_not_there_names_the_nearest(heron: Heron) -> None:
    ran = heron("kb", "preview", "upstream-dimm")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "upstream-dimm: no such article; did you mean `upstream-dim`?\n"


POST = """Lamp explodes

since noon my lamp glow/lamp-1 goes bang. key lk-fake0123456789abcdefFAKE
{"error": {"code": 417, "message": "the glass of Glow is 30 degrees too warm to burn", "metadata": {"reason": "heat"}}}
"""


def test_new_drafts_an_article_from_a_pasted_post(heron: Heron, fresh: dict[str, str]) -> None:
    ran = heron("kb", "new", "-", "--at", "2026-11-24", given=POST, env=fresh)
    assert ran.status == 0
    article, examples = map(Path, ran.out.splitlines())
    assert article.name == "glass-degrees-too-warm.md"
    text = article.read_text("utf-8")
    assert 'message: "the glass of * is * degrees too warm to burn", reason: "heat"' in text
    assert "status: 417" in text
    assert "autonomy: draft" in text
    (example,) = map(json.loads, examples.read_text("utf-8").splitlines())
    assert (example["lang"], example["title"]) == ("en", "Lamp explodes")


def test_new_masks_before_it_writes_or_prints(heron: Heron, fresh: dict[str, str], tmp_path: Path) -> None:
    shown = heron("kb", "new", "-", "--print", given=POST, env=fresh)
    written = heron("kb", "new", "-", given=POST, env=fresh)
    everything = "".join(path.read_text("utf-8") for path in tmp_path.rglob("*.*") if path.is_file())
    for text in (shown.out, shown.err, written.out, written.err, everything):
        assert "lk-fake0123456789" not in text
    assert "‹key removed›" in shown.out


def test_new_only_prints_when_asked_to(heron: Heron, fresh: dict[str, str], tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    ran = heron("kb", "new", "-", "--print", given=POST, env=fresh)
    assert "id: glass-degrees-too-warm" in ran.out
    assert sorted(tmp_path.rglob("*")) == before


def test_new_overwrites_nothing(heron: Heron, fresh: dict[str, str], tmp_path: Path) -> None:
    before = (tmp_path / "templates" / "articles" / "lost-lamp.md").read_text("utf-8")
    ran = heron("kb", "new", "-", "--id", "lost-lamp", given=POST, env=fresh)
    assert (ran.status, ran.out) == (2, "")
    assert "exists already" in ran.err
    assert (tmp_path / "templates" / "articles" / "lost-lamp.md").read_text("utf-8") == before
    assert not (tmp_path / "templates" / "examples" / "lost-lamp.jsonl").exists()


def test_new_says_what_the_post_resembles(heron: Heron, fresh: dict[str, str]) -> None:
    ran = heron("kb", "new", "-", "--print", given="503 upstream is dim, wait 30 seconds", env=fresh)
    assert "it resembles: upstream-dim (" in ran.err


@pytest.mark.parametrize(("options", "given"), [(["--id", "Not Kebab"], POST), (["--id", "a.zh"], POST), ([], " \n")])
def test_new_refuses_what_it_cannot_use(
    heron: Heron, fresh: dict[str, str], tmp_path: Path, options: list[str], given: str
) -> None:
    before = sorted(tmp_path.rglob("*"))
    ran = heron("kb", "new", "-", *options, given=given, env=fresh)
    assert (ran.status, ran.out) == (2, "")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_draft_is_refused_by_check_until_its_places_are_filled(
    heron: Heron, fresh: dict[str, str], tmp_path: Path
) -> None:
    heron("kb", "new", "-", given=POST, env=fresh)
    ran = heron("kb", "check", "--at", "2026-11-24", env=fresh)
    assert ran.status == 2
    complaints = ran.err.splitlines()
    assert all("a place of the draft is still to fill: ‹" in complaint for complaint in complaints)
    article = tmp_path / "templates" / "articles" / "glass-degrees-too-warm.md"
    text = article.read_text("utf-8")
    assert len(complaints) == sum("‹" in line for line in text.splitlines())
    for place in {part.partition("›")[0] for part in text.split("‹")[1:]}:
        text = text.replace(f"‹{place}›", "cool it down")
    article.write_text(text, "utf-8")
    assert heron("kb", "check", "--at", "2026-11-24", env=fresh).status == 0
    (row,) = heron("diagnose", "-", "--json", given=lines({"id": 1, "text": POST}), env=fresh).rows
    assert row["articles"][0]["id"] == "glass-degrees-too-warm"
    assert row["autonomy"] == "draft"
