"""Processes of their own for what must not share one, each a fork of a server that has imported everything already."""

import multiprocessing

FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(["tests.everything", "tests.story.monthly_run"])
