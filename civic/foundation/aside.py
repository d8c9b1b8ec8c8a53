"""Count what many rows say in one thread beside the event loop: pages of others never wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

_counter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="civic-figures")


async def aside(act: Callable[[], T]) -> T:
    """Do something pure, one at a time, so that many readers of figures never keep others from writing."""
    return await asyncio.get_running_loop().run_in_executor(_counter, act)
