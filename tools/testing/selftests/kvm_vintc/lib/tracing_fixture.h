/* SPDX-License-Identifier: GPL-2.0-only */
/* For tests of the trace events. */
#ifndef VINTC_TRACING_FIXTURE_H
#define VINTC_TRACING_FIXTURE_H

#include "harness.h"
#include "tracing.h"

/* With events that are on. */
FIXTURE(tracing) {
	struct tracing tracing;
	bool on;
};
FIXTURE_SETUP(tracing)
{
	self->on = tracing_begin(&self->tracing);
}
FIXTURE_TEARDOWN(tracing)
{
	if (self->on)
		tracing_end(&self->tracing);
}
#define TRACING_TEST(name)	TEST_F_TIMEOUT(tracing, name, TIMEOUT)

#define NEEDS_EVENTS()							\
do {									\
	if (!self->on)							\
		SKIP(return, "this kernel has no trace events");		\
} while (0)

#define EXPECT_EVENT(text)	EXPECT_STREQ(text, tracing_next(&self->tracing))

#endif /* VINTC_TRACING_FIXTURE_H */
