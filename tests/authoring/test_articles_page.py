"""The page for writers does what it says: its commands, in order, in one shell, on a copy of the templates."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from bot.shipped import shipped_folder

PAGE = Path(__file__).parents[2] / "docs" / "articles.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


#: Of the shipped examples. `heron kb check` judges each of them, which `make check` and CI have done with all.
EVERY = 4


def copied_with_fewer_examples(templates: Path) -> None:
    shutil.copytree(shipped_folder("templates"), templates)
    for path in (templates / "examples").glob("*.jsonl"):
        path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[::EVERY]), "utf-8")


def test_an_article_is_drafted_written_checked_measured_and_live_as_the_page_says(tmp_path: Path) -> None:
    copied_with_fewer_examples(tmp_path / "templates")
    script = "\n".join(BLOCK.findall(PAGE.read_text("utf-8")))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        env={
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "TEMPLATES_DIR": "templates",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    told = iter(done.stdout.splitlines())
    for said in (
        "templates/articles/office-proxy.md",
        "not yet",
        "every article, message and fact is in order",
        "── full · en",
        "answer precision",
        "+ answer  office-proxy",
        "of 4 posts change",
    ):
        assert any(said in line for line in told), f"no `{said}` in its place:\n{done.stdout}"
    row = json.loads(done.stdout.splitlines()[-1])
    assert (row["actions"], row["articles"][0]["id"], row["autonomy"]) == (["answer"], "office-proxy", "draft")
    figures = json.loads((tmp_path / "var" / "evaluation" / "evaluation.json").read_text("utf-8"))
    assert figures["per_label"]["office-proxy"] in ("1/2", "2/2")  # one has the error's own words, one has not
    assert (tmp_path / "var" / "evaluation" / "reliability.png").is_file()
    assert "a place of the draft is still to fill" in done.stderr
