"""The list, followed through an evening: how often it is read, and what a bad network does."""

from itertools import pairwise

import pytest

from boxoffice.domain.models import LinkState
from boxoffice.store import StoreError, json_docs
from tests.support import until
from tests.sync.conftest import LIST, Laptop, moments, pass_by, pass_until, running
from tests.sync.test_puller import Published


async def test_it_pulls_about_every_seven_seconds(laptop: Laptop) -> None:
    puller = laptop.puller()
    published = Published(laptop)
    async with running(puller.run()):
        await pass_until(laptop.clock, lambda: published.lists == 5)
    assert published.questions == 1
    came = moments(laptop.site, "GET", LIST)
    assert all(later - at >= 7 for at, later in pairwise(came))


async def test_a_slow_list_is_asked_for_less_often(laptop: Laptop) -> None:
    puller = laptop.puller()
    published = Published(laptop)
    laptop.site.faults.set("latency=4", path=LIST)
    async with running(puller.run()):
        await pass_until(laptop.clock, lambda: published.lists == 2)
    came = moments(laptop.site, "GET", LIST)
    assert came[1] >= 44


async def test_a_person_may_ask_at_any_time(laptop: Laptop) -> None:
    puller = laptop.puller()
    published = Published(laptop)
    async with running(puller.run()):
        await until(lambda: published.lists == 1)
        assert await puller.refresh()
        await until(lambda: published.questions == 2)
        assert published.lists == 2, "one list, and no other beside it"


async def test_a_hint_while_the_questions_are_read_has_them_read_once_more(laptop: Laptop) -> None:
    """What it tells of may have been answered already."""
    puller = laptop.puller()
    published = Published(laptop)
    late = "events/*/purchase-questions/"
    rule = laptop.site.faults.set("hang", path=late, times=1)
    async with running(puller.run()):
        await until(lambda: laptop.site.log.count("GET", late) == 1)
        puller.pull_soon(questions=True)
        laptop.site.faults.clear(rule)
        await pass_until(laptop.clock, lambda: published.questions == 2)
    came = moments(laptop.site, "GET", late)
    assert came[1] - came[0] < 30


async def test_questions_and_ticket_types_are_kept_and_looked_at_again(laptop: Laptop) -> None:
    puller = laptop.puller()
    published = Published(laptop)
    laptop.site.faults.set("500", path="events/*/ticket-types/", times=1)
    async with running(puller.run()):
        await until(lambda: published.lists == 1)
        assert published.questions == 1
        assert (
            await laptop.store.read(json_docs.get_list, json_docs.TICKET_TYPES, laptop.event) == []
        )
        assert await laptop.store.read(json_docs.get, json_docs.QUESTIONS, laptop.event), (
            "one that fails leaves the others"
        )
        await pass_until(laptop.clock, lambda: published.questions == 2)
        await pass_until(laptop.clock, lambda: published.questions == 3)
    came = moments(laptop.site, "GET", "events/*/ticket-types/")
    assert came[1] >= 30
    assert came[2] - came[1] >= 300
    event = laptop.site.state.events[laptop.event]
    types = await laptop.store.read(json_docs.get_list, json_docs.TICKET_TYPES, laptop.event)
    assert {kind.title for kind in types} == {kind.title for kind in event.ticket_types}
    questions = await laptop.store.read(json_docs.get, json_docs.QUESTIONS, laptop.event)
    assert questions is not None
    assert {each.uuid for each in questions} == {each.uuid for each in event.questions}
    of_buyers = await laptop.store.read(json_docs.get, json_docs.PURCHASE_QUESTIONS, laptop.event)
    assert of_buyers is not None
    assert {each.uuid for each in of_buyers} == {each.uuid for each in event.purchase_questions}
    (known,) = await laptop.store.read(json_docs.get_events)
    assert (known.ticket_limit, known.currency) == (event.ticket_limit, "DKK")
    assert laptop.site.log.count("GET", "events/") == 1, "the list tells the currency, once"


@pytest.mark.parametrize("path", ["", "ticket-types/", "purchase-questions/"])
async def test_what_a_look_at_the_event_could_not_read_stays(laptop: Laptop, path: str) -> None:
    puller = laptop.puller()
    published = Published(laptop)
    await puller.metadata.pull()
    before = (
        await laptop.store.read(json_docs.get_events),
        await laptop.store.read(json_docs.get_list, json_docs.TICKET_TYPES, laptop.event),
        await laptop.store.read(json_docs.get, json_docs.QUESTIONS, laptop.event),
        await laptop.store.read(json_docs.get, json_docs.PURCHASE_QUESTIONS, laptop.event),
    )
    laptop.site.faults.set("503", path=f"events/*/{path}")
    laptop.site.state.events[laptop.event].questions.clear()
    await puller.metadata.pull()
    assert published.questions == 2
    assert await laptop.store.read(json_docs.get, json_docs.QUESTIONS, laptop.event) == ()
    assert before == (
        await laptop.store.read(json_docs.get_events),
        await laptop.store.read(json_docs.get_list, json_docs.TICKET_TYPES, laptop.event),
        before[2],
        await laptop.store.read(json_docs.get, json_docs.PURCHASE_QUESTIONS, laptop.event),
    )
    laptop.site.faults.set("503", path="events/**")
    await puller.metadata.pull()
    assert published.questions == 2, "nothing was read"


async def test_with_no_network_it_waits_for_the_link(laptop: Laptop) -> None:
    puller = laptop.puller()
    await puller.pull()
    published = Published(laptop)
    await laptop.site.stop()
    async with running(puller.run()):
        await until(lambda: laptop.link.state is LinkState.OFFLINE)
        await pass_by(laptop.clock, 60)
        assert published.lists == 0
        (guest,) = laptop.guests(1)
        laptop.site.state.check_in(guest)
        await laptop.site.start()
        await pass_until(laptop.clock, lambda: published.changed == [guest.uuid])
    assert laptop.link.state is LinkState.ONLINE


async def test_the_loss_of_the_network_is_known_within_seconds(laptop: Laptop) -> None:
    puller = laptop.puller()
    published = Published(laptop)
    async with running(puller.run()):
        await until(lambda: published.lists == 1)
        await laptop.site.stop()
        await pass_by(laptop.clock, 5)
        await until(lambda: laptop.link.state is LinkState.OFFLINE)


async def test_silence_is_known_within_seconds(laptop: Laptop) -> None:
    puller = laptop.puller()
    published = Published(laptop)
    async with running(puller.run()):
        await until(lambda: published.lists == 1)
        laptop.site.faults.set("hang")
        await pass_by(laptop.clock, 7)
        await until(lambda: laptop.link.state is LinkState.OFFLINE)
        laptop.site.faults.clear()
        await pass_until(laptop.clock, lambda: laptop.link.state is LinkState.ONLINE)


@pytest.mark.parametrize("fault", ["500", "wrong-shape", "403"])
async def test_a_site_that_is_ill_is_asked_ever_more_rarely(laptop: Laptop, fault: str) -> None:
    puller = laptop.puller()
    published = Published(laptop)
    laptop.site.faults.set(fault, path=LIST)
    async with running(puller.run()):
        await pass_until(laptop.clock, lambda: len(moments(laptop.site, "GET", LIST)) == 5)
        assert laptop.link.sentence
        assert laptop.link.reaches
        laptop.site.faults.clear()
        await pass_until(laptop.clock, lambda: published.lists == 1)
        assert laptop.link.sentence == ""
    came = moments(laptop.site, "GET", LIST)
    waits = [later - at for at, later in pairwise(came)]
    assert all(wait >= least for wait, least in zip(waits, (7, 14, 28, 56, 60), strict=True))


async def test_what_is_not_the_networks_fault_surfaces(laptop: Laptop) -> None:
    await laptop.store.close()
    with pytest.raises(ExceptionGroup) as raised:
        await laptop.puller().run()
    assert raised.group_contains(StoreError)
