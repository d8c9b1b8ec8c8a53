"""A slice of each real set, from file to trace; the whole is `python -m tests.opendata.whole_sets`."""

from __future__ import annotations

import pytest

from tests.opendata import independent_counts as counted
from tests.opendata.whole_sets import SOURCES, one_in, walk

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not counted.DATA.exists(), reason=counted.ABSENT),
]


@pytest.mark.parametrize("name", list(SOURCES))
async def test_what_a_file_holds_is_what_pages_exports_and_traces_say(app, name):
    walked = await walk(app, SOURCES[name], keep=one_in(25))
    assert walked.points >= walked.contributions > 5
    assert walked.traces == walked.contributions
