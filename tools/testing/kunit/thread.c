// SPDX-License-Identifier: GPL-2.0-only
/* Another thread of a case. */
#include "fixture.h"

static int run(void *data)
{
	struct vintc_test_thread *thread = data;

	vintc_test_use_user(NULL);
	thread->result = thread->run(thread->arg);
	vintc_test_unuse_user(NULL);
	complete(&thread->done);
	/* The module's text stays until somebody has come for the result. */
	while (!kthread_should_stop())
		schedule_timeout_idle(1);
	return 0;
}

void vintc_test_start(struct kunit *test, struct vintc_test_thread *thread, long (*act)(void *arg),
		      void *arg)
{
	*thread = (struct vintc_test_thread){ .run = act, .arg = arg };
	init_completion(&thread->done);
	thread->task = kthread_run(run, thread, "vintc-test");
	KUNIT_ASSERT_FALSE(test, IS_ERR(thread->task));
}

long vintc_test_stop(struct vintc_test_thread *thread)
{
	kthread_stop(thread->task);
	return thread->result;
}

bool vintc_test_wait_for(const bool *flag)
{
	unsigned long patience = jiffies + 60 * HZ;

	while (!READ_ONCE(*flag) && time_before(jiffies, patience))
		cond_resched();
	return READ_ONCE(*flag);
}
