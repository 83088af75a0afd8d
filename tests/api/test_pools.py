import asyncio
import threading

import pytest

from prodsim.api.pools import Pool
from prodsim.api.problems import Busy
from prodsim.roles import Actor, acting_as, actor


def test_a_full_queue_refuses_and_the_other_pool_works_on():
    go_on = threading.Event()

    async def work():
        long, short = Pool(1, 1), Pool(1, 1)
        with acting_as(Actor("anna", "viewer")):
            waiting = [asyncio.create_task(long.run(go_on.wait)) for _ in range(2)]
            while not (long.n_working and long.n_waiting):
                await asyncio.sleep(0)
            with pytest.raises(Busy, match="1 request is waiting"):
                await long.run(go_on.wait)
            who = await short.run(actor)
        go_on.set()
        return who, await asyncio.gather(*waiting)

    assert asyncio.run(work()) == (Actor("anna", "viewer"), [True, True])
