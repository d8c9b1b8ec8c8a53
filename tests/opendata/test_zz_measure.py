import cProfile, pstats, time, io, csv
import pytest
from tests.opendata.test_answers_back import taken_out, points, written
from tests.opendata.test_real_points import *
from civic.opendata.actions import bring_answers

@pytest.mark.parametrize("profile", [False])
async def test_measure(database, profile):
    t=time.perf_counter()
    done, process = await the_process_of_moers()
    print("import", time.perf_counter()-t)
    here = {"process": process.public_id}
    otto = await a_person("Otto", "official", **here)
    dora = await a_person("Dora", "decision_maker", **here)
    with after_the_freeze(process):
        decision = await a_decision(otto, process, maker=dora)
        await an_article(otto, decision)
        t=time.perf_counter()
        rows = points(await taken_out(process))
        print("export", time.perf_counter()-t, len(rows))
        for n, row in enumerate(rows):
            row |= {"outcome": "adopted", "reason": f"Ja, {specifics(n)}.", "provision": "a1"}
        t=time.perf_counter()
        pr = cProfile.Profile()
        pr.enable()
        done = await bring_answers(SYSTEM, written(rows), process="moers")
        pr.disable()
        print("bring", time.perf_counter()-t, done)
        pstats.Stats(pr).sort_stats("cumtime").print_stats(45)
