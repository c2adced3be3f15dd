"""`heron diagnose` and `heron replay`: what Heron makes of posts and threads, without Discord."""

import time

from bot.cli.attached import read_files
from bot.cli.common import AsJson, At, Source, expert, failure, print_json, read_source


def diagnose(source: Source = "-", as_json: AsJson = False, at: At = None) -> None:
    """Judge single posts: {id, title, text, attachments?} a line."""
    from bot.lines import BadLine, post_json, read_posts
    from bot.replay import diagnose as diagnose_post
    from bot.terminal import show

    try:
        posts = read_posts(*read_source(source))
    except BadLine as error:
        raise failure(error) from None
    ready = expert(at)
    view, said = read_files((file for post in posts for file in post.files), ready.view)
    for post in posts:
        start = time.perf_counter_ns()
        played = diagnose_post(post, view, ready.templates, said)
        elapsed_us = (time.perf_counter_ns() - start) // 1000
        if as_json:
            print_json(post_json(post, played.decision, played.message, played.cards, elapsed_us))
        else:
            show(str(post.id), post.title, played)


def replay(source: Source = "-", as_json: AsJson = False, at: At = None) -> None:
    """Play whole threads: {id, title, events} a line."""
    from bot.lines import BadLine, read_threads, thread_json
    from bot.replay import replay as replay_thread
    from bot.terminal import show

    try:
        threads = read_threads(*read_source(source))
    except BadLine as error:
        raise failure(error) from None
    ready = expert(at)
    files = (file for thread in threads for event in thread.events for file in event.files)
    view, said = read_files(files, ready.view)
    for thread in threads:
        played = list(replay_thread(thread, view, ready.templates, said))
        if as_json:
            print_json(thread_json(thread, [(p.decision, p.state, p.message, p.cards) for p in played]))
            continue
        for number, (event, p) in enumerate(zip(thread.events, played, strict=True)):
            show(f"{thread.id} · {number} {event.by} {event.type}", event.text or str(event.target or ""), p)
