//! Tests of many tasks that share few slots.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use tokio::runtime::Handle;
use tokio::time::{sleep, timeout};

use super::WAIT;
use crate::slots::{Slots, Turn};

const SLACK: Duration = Duration::from_secs(15);

async fn turn(slots: &Arc<Slots>) -> Turn {
    slots.place(Handle::current().id()).turn(WAIT, SLACK).await
}

#[derive(Default, Debug)]
struct Order {
    asked: Vec<usize>,
    given: Vec<usize>,
    at_once: usize,
    peak: usize,
}

/// Takes turns one after the other, and keeps each for a while.
async fn take_turns(
    number: usize,
    turns: usize,
    work: Duration,
    slots: Arc<Slots>,
    order: Arc<Mutex<Order>>,
) {
    for _ in 0..turns {
        order.lock().unwrap().asked.push(number);
        let _turn = turn(&slots).await;
        {
            let mut order = order.lock().unwrap();
            order.given.push(number);
            order.at_once += 1;
            order.peak = order.peak.max(order.at_once);
        }
        sleep(work).await;
        order.lock().unwrap().at_once -= 1;
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    runtime.unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// There are never more turns at once than slots.
    #[test]
    fn turns_are_given_in_the_order_of_requests(
        count in 1_usize..6,
        work in prop::collection::vec(1_u64..50, 1..24),
        turns in 1_usize..4,
    ) {
        let order = Arc::new(Mutex::new(Order::default()));
        block_on(async {
            let slots = Slots::new(count);
            let mut tasks = tokio::task::JoinSet::new();
            for (number, work) in work.iter().enumerate() {
                let (slots, order) = (Arc::clone(&slots), Arc::clone(&order));
                tasks.spawn(take_turns(number, turns, Duration::from_millis(*work), slots, order));
            }
            while let Some(ended) = tasks.join_next().await {
                ended.unwrap();
            }
        });
        let order = order.lock().unwrap();
        prop_assert_eq!(order.given.len(), turns * work.len());
        prop_assert_eq!(&order.given, &order.asked);
        prop_assert!(order.peak <= count, "{} at once", order.peak);
    }

    /// A task that stops waiting, or drops its turn, does not delay others.
    #[test]
    fn a_dropped_waiter_does_not_delay_others(
        count in 1_usize..4,
        patience in prop::collection::vec(0_u64..30, 0..20),
    ) {
        block_on(async {
            let slots = Slots::new(count);
            let mut held = Vec::new();
            for _ in 0..count {
                held.push(turn(&slots).await);
            }
            let waiting = patience.iter().map(|patience| timeout(Duration::from_millis(*patience), turn(&slots)));
            for wait in waiting {
                prop_assert!(wait.await.is_err());
            }
            drop(held);
            // All slots are free, and no task is counted.
            let mut held = Vec::new();
            for _ in 0..count {
                let turn = timeout(Duration::ZERO, turn(&slots)).await;
                held.push(turn.unwrap());
                prop_assert_eq!(held.last().unwrap().hold, WAIT);
            }
            Ok(())
        })?;
    }
}
