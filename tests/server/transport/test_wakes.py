"""Waking many connections at once."""

import asyncio
import threading
import time

from server.transport.wakes import Wakes


def test_all_are_woken_in_order_and_the_loop_is_held_for_a_slice_only() -> None:
    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        wakes, woken = Wakes(), list[int]()
        rounds = 0

        def wake(number: int) -> None:
            time.sleep(0.001)
            woken.append(number)

        for number in range(50):
            wakes.add(loop, lambda number=number: wake(number))  # type: ignore[misc]
        while len(woken) < 50:
            rounds += 1
            await asyncio.sleep(0)
        assert woken == list(range(50))
        assert rounds > 5

    asyncio.run(scenario())


def test_none_is_lost_whatever_thread_it_comes_from() -> None:
    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        wakes, woken = Wakes(), list[int]()

        def add() -> None:
            for _ in range(5000):
                wakes.add(loop, lambda: woken.append(1))

        threads = [threading.Thread(target=add) for _ in range(4)]
        for each in threads:
            each.start()
        async with asyncio.timeout(20):
            while len(woken) < 20_000:
                await asyncio.sleep(0.001)
        for each in threads:
            each.join()

    asyncio.run(scenario())
