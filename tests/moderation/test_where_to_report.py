"""Everything that speaks can be reported from its own page, official words too."""

from civic.decisions.actions import publish
from civic.decisions.forms import PublicationDraft
from tests import cast


async def test_processes_decisions_and_participants_words_lead_to_a_report(client):
    process = await cast.a_process()
    ada, otto = await cast.a_person("Ada"), await cast.a_person("Otto", "official", process=process.public_id)
    proposal = await cast.a_proposal(ada, process)
    dora = await cast.a_person("Dora", "decision_maker", process=process.public_id)
    decision = await cast.a_decision(otto, process, maker=dora)
    with cast.after_the_freeze(process):
        await publish(dora, decision, PublicationDraft("Mayor", None, True, {}))
        for path, subject in (
            (f"/processes/{process.slug}", f"process/{process.public_id}"),
            (f"/proposals/{proposal.public_id}", f"contribution/{proposal.public_id}"),
            (f"/decisions/{decision.public_id}", f"decision/{decision.public_id}"),
        ):
            shown = await client.get(path)
            assert shown.status_code == 200, path
            assert f"/reports/new?subject={subject}" in shown.text
            assert (await client.get(f"/reports/new?subject={subject}")).status_code == 200
