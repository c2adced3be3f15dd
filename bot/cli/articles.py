"""`heron kb`: the tools of the people who write articles."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import freshness, measuring
from bot.cli.common import At, expert, failure, read_settings, read_source, read_time
from bot.cli.measuring import progress

if TYPE_CHECKING:
    from bot.cli.common import Expert
    from bot.knowledge.source import Problem

app = typer.Typer(help="The knowledge base: write, check and measure articles.", no_args_is_help=True)
app.command()(freshness.sources)

PostText = Annotated[str, typer.Argument(metavar="[FILE|-]", help="A pasted post; - is the standard input.")]
ArticleId = Annotated[str | None, typer.Option("--id", help="The article's id, instead of a proposed one.")]
Print = Annotated[bool, typer.Option("--print", help="Show the draft and write nothing.")]
Article = Annotated[str, typer.Argument(metavar="ARTICLE", help="The id of an article.")]
Worst = Annotated[bool, typer.Option("--worst", help="With the longest values that occur, instead of usual ones.")]


@app.command()
def check(at: At = None) -> None:
    """Say everything that is wrong with the templates: file, line, key and cure."""
    from bot.authoring.check import check as find_problems

    templates, today = read_settings().templates_dir, read_time(at).date()
    problems = find_problems(templates, today)
    if problems:
        raise failure("\n".join(str(problem) for problem in problems))
    ready = expert(at)
    for hint in _advice(ready, templates):
        print(f"advice: {hint}")
    print("every article, message and fact is in order")


def _advice(ready: "Expert", templates: Path) -> "list[Problem]":
    from bot.authoring.check import advice
    from bot.authoring.landing import landing_problem, written

    base = ready.view.knowledge.base
    posts = progress(written(base, templates), "reading the examples")
    landed = (landing_problem(post, ready.view, ready.templates) for post in posts)
    return [*advice(base, templates), *(problem for problem in landed if problem)]


@app.command()
def new(source: PostText = "-", article_id: ArticleId = None, only_print: Print = False, at: At = None) -> None:
    """Draft an article from a pasted post: id, rules, example, and a body to fill in."""
    from bot.authoring.drafting import Refused, draft, resembling, write

    post, name = read_source(source)
    if not post.strip():
        raise failure(f"{name}: no words in it; paste the post as its asker wrote it")
    ready = expert(at)
    try:
        found = draft(post, ready.view.knowledge, read_time(at).date(), article_id)
        if only_print:
            print(found.article)
            print(found.example, end="")
        else:
            for path in write(found, read_settings().templates_dir):
                print(path)
    except Refused as refused:
        raise failure(refused) from None
    except OSError as error:
        raise failure(f"{error.filename}: {error.strerror}; the folder must be writable") from None
    near = ", ".join(resembling(found))
    typer.echo(f"it resembles: {near}" if near else "it resembles no article", err=True)


@app.command()
def preview(article_id: Article, worst: Worst = False) -> None:
    """Show an article as askers would see it, in every form and language."""
    from bot.authoring.samples import WORST_PROOF, samples, usual_proof, usual_values, worst_values
    from bot.knowledge.source import did_you_mean

    ready = expert(None)
    base = ready.view.knowledge.base
    article = base.articles.get(article_id)
    if article is None:
        raise failure(f"{article_id}: no such article; {did_you_mean(article_id, base.articles)}")
    values = worst_values(article, base) if worst else usual_values(article, base)
    for sample in samples(article, ready.templates, values, WORST_PROOF if worst else usual_proof(article)):
        print(f"── {sample.form} · {sample.language} · {len(sample.content)} characters")
        print(f"{sample.content}\n")


app.command()(measuring.evaluate)
app.command()(measuring.calibrate)
app.command()(measuring.diff)
