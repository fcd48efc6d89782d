// SPDX-License-Identifier: GPL-2.0-only
/* The state as a whole: images of it, taken and set, without memory. */
#include <linux/mman.h>

#include "presented.h"

#define MOST_REGS	16
#define NEW_SOURCE	0x5000

/* An image, here and in user memory. */
struct snapshot {
	unsigned long at;
	u64 size, generation;
	struct {
		struct kvm_vintc_image header;
		struct kvm_vintc_image_reg regs[MOST_REGS];
	} image;
};

static struct snapshot *new_snapshot(struct kunit *test)
{
	struct snapshot *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	s->at = vintc_test_user_pages(1, PROT_READ | PROT_WRITE);
	KUNIT_ASSERT_NE(test, s->at, 0ul);
	/* The page is there when it is needed: no fault allocates then. */
	KUNIT_ASSERT_EQ(test, copy_to_user((void __user *)s->at, &s->image, sizeof(s->image)), 0ul);
	return s;
}

static long get_state(struct vintc_test_device *d, u32 flags, struct snapshot *s)
{
	struct kvm_vintc_state state = {
		.addr = s->at,
		.size = sizeof(s->image),
		.generation = s->generation,
		.flags = flags,
	};
	long r = vintc_test_ioctl(d->file, KVM_VINTC_GET_STATE, &state, sizeof(state));

	if (r)
		return r;
	s->size = state.size;
	s->generation = state.generation;
	return copy_from_user(&s->image, (void __user *)s->at, s->size) ? -EFAULT : 0;
}

static long put_image(struct snapshot *s)
{
	s->size = sizeof(s->image.header) + s->image.header.count * sizeof(s->image.regs[0]);
	return copy_to_user((void __user *)s->at, &s->image, s->size) ? -EFAULT : 0;
}

static long set_state(struct vintc_test_device *d, struct snapshot *s)
{
	struct kvm_vintc_state state = { .addr = s->at, .size = s->size };

	return vintc_test_ioctl(d->file, KVM_VINTC_SET_STATE, &state, sizeof(state));
}

static bool is_same(const struct snapshot *a, const struct snapshot *b)
{
	return a->size == b->size && !memcmp(&a->image, &b->image, a->size);
}

static void make_busy(struct kunit *test, struct vintc_test_device *d)
{
	KUNIT_EXPECT_EQ(test, inject(d, LEVEL, 1), 0l);
	KUNIT_EXPECT_EQ(test, inject(d, MSI, 1), 0l);
	KUNIT_EXPECT_EQ(test, inject(d, MSI, 1), 0l);
	KUNIT_EXPECT_NE(test, accept(d), 0u);
}

/* ---- without memory ---- */

static void get_without_memory_hazard05(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct snapshot *before = new_snapshot(test), *after = new_snapshot(test);
	unsigned int nth;
	bool failed;
	u32 refused = 0;
	long r;

	make_busy(test, d);
	KUNIT_ASSERT_EQ(test, get_state(d, 0, before), 0l);
	for (nth = 1, failed = true; failed; nth++) {
		vintc_test_fail_nth(nth);
		r = get_state(d, 0, after);
		failed = vintc_test_fail_over();
		KUNIT_EXPECT_TRUE_MSG(test, !r || (failed && r == -ENOMEM), "%ld", r);
		refused += r != 0;
		KUNIT_EXPECT_FALSE(test, mutex_is_locked(&vintc_test_vcpu_of(d->vcpu[0])->mutex));
	}
	KUNIT_EXPECT_EQ(test, refused, 1u);
	KUNIT_EXPECT_TRUE(test, is_same(before, after));
}

/* What changes, and is told of by a get that fails, is told of by the next one. */
static bool track_failing(struct kunit *test, struct snapshot *s, unsigned int nth, u32 *refused)
{
	struct vintc_test_device *d = test->priv;
	u64 generation;
	bool failed;
	long r;

	KUNIT_EXPECT_EQ(test, get_state(d, KVM_VINTC_STATE_TRACK, s), 0l);
	KUNIT_EXPECT_EQ(test, (u32)s->image.header.flags, 0u);
	generation = s->generation;
	KUNIT_EXPECT_EQ(test, inject(d, OTHER_LEVEL, nth & 1), 0l);
	vintc_test_fail_nth(nth);
	r = get_state(d, KVM_VINTC_STATE_TRACK, s);
	failed = vintc_test_fail_over();
	KUNIT_EXPECT_TRUE_MSG(test, !r || (failed && r == -ENOMEM), "%ld", r);
	if (!r)
		return failed;
	++*refused;
	KUNIT_EXPECT_EQ(test, s->generation, generation);
	KUNIT_EXPECT_EQ(test, get_state(d, KVM_VINTC_STATE_TRACK | KVM_VINTC_STATE_SINCE, s), 0l);
	KUNIT_EXPECT_EQ(test, (u32)s->image.header.flags, (u32)KVM_VINTC_IMAGE_PARTIAL);
	KUNIT_ASSERT_GE(test, s->image.header.count, 1u);
	KUNIT_EXPECT_EQ(test, s->image.regs[s->image.header.count - 1].id,
			KVM_VINTC_REG_SOURCE(OTHER_LEVEL));
	KUNIT_EXPECT_EQ(test, get_state(d, KVM_VINTC_STATE_TRACK | KVM_VINTC_STATE_SINCE, s), 0l);
	KUNIT_EXPECT_EQ(test, s->image.header.count, 0u);
	return failed;
}

static void track_without_memory_hazard05(struct kunit *test)
{
	struct snapshot *s = new_snapshot(test);
	unsigned int nth = 1;
	u32 refused = 0;

	while (track_failing(test, s, nth, &refused))
		nth++;
	KUNIT_EXPECT_EQ_MSG(test, refused, 2u, "the image, and the marks of what changes");
}

static void add_source(struct snapshot *s, u32 source)
{
	s->image.regs[s->image.header.count++] = (struct kvm_vintc_image_reg){
		.id = KVM_VINTC_REG_SOURCE(source),
		.value = KVM_VINTC_SOURCE_EXISTS | 5ull << KVM_VINTC_SOURCE_PRIORITY_SHIFT |
			 5ull << KVM_VINTC_SOURCE_SAVED_SHIFT,
	};
}

/* The sources of the image are new, and in blocks of their own: these need memory. */
static bool set_failing(struct kunit *test, struct snapshot *new, struct snapshot *before,
			struct snapshot *after, unsigned int nth, u32 *refused)
{
	struct vintc_test_device *d = test->priv;
	bool failed;
	long r;

	vintc_test_device_anew(test, d);
	make_xics(test, d);
	make_busy(test, d);
	KUNIT_EXPECT_EQ(test, get_state(d, 0, before), 0l);
	vintc_test_fail_nth(nth);
	r = set_state(d, new);
	failed = vintc_test_fail_over();
	KUNIT_EXPECT_TRUE_MSG(test, !r || (failed && r == -ENOMEM), "%ld", r);
	KUNIT_EXPECT_EQ(test, get_state(d, 0, after), 0l);
	KUNIT_EXPECT_TRUE(test, is_same(r ? before : new, after));
	*refused += r != 0;
	return failed;
}

static void set_without_memory_hazard05(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct snapshot *before = new_snapshot(test), *after = new_snapshot(test);
	struct snapshot *new = new_snapshot(test);
	unsigned int nth = 1;
	u32 refused = 0;

	KUNIT_ASSERT_EQ(test, get_state(d, 0, new), 0l);
	add_source(new, NEW_SOURCE);
	add_source(new, NEW_SOURCE << 4);
	KUNIT_ASSERT_EQ(test, put_image(new), 0l);
	while (set_failing(test, new, before, after, nth, &refused))
		nth++;
	KUNIT_EXPECT_GE_MSG(test, refused, 5u, "the image, and two blocks and their cells at least");
	KUNIT_EXPECT_EQ(test, inject(d, NEW_SOURCE, 1), 0l);
	KUNIT_EXPECT_EQ(test, accept(d), (u32)NEW_SOURCE);
}

/* The last register is wrong: none of the others is set. */
static void a_refused_image_changes_nothing(struct kunit *test)
{
	struct vintc_test_device *d = test->priv;
	struct snapshot *before = new_snapshot(test), *after = new_snapshot(test);
	struct snapshot *new = new_snapshot(test);
	struct vcpu_holder holder;

	KUNIT_ASSERT_EQ(test, get_state(d, 0, new), 0l);
	add_source(new, NEW_SOURCE);
	new->image.regs[new->image.header.count - 1].value |= 1;	/* a server that nobody has */
	KUNIT_ASSERT_EQ(test, put_image(new), 0l);
	make_busy(test, d);
	KUNIT_ASSERT_EQ(test, get_state(d, 0, before), 0l);
	KUNIT_EXPECT_EQ(test, set_state(d, new), -EINVAL);
	KUNIT_EXPECT_EQ(test, get_state(d, 0, after), 0l);
	KUNIT_EXPECT_TRUE(test, is_same(before, after));

	new->image.header.count--;
	KUNIT_ASSERT_EQ(test, put_image(new), 0l);
	hold_vcpu(test, &holder, vintc_test_vcpu_of(d->vcpu[1]));
	KUNIT_EXPECT_EQ(test, set_state(d, new), -EBUSY);
	KUNIT_EXPECT_EQ(test, get_state(d, 0, after), -EBUSY);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&vintc_test_vcpu_of(d->vcpu[0])->mutex));
	release_vcpu(&holder);
	KUNIT_EXPECT_EQ(test, get_state(d, 0, after), 0l);
	KUNIT_EXPECT_TRUE(test, is_same(before, after));
	KUNIT_EXPECT_EQ(test, set_state(d, new), 0l);
	KUNIT_EXPECT_EQ(test, get_state(d, 0, after), 0l);
	KUNIT_EXPECT_TRUE(test, is_same(new, after));
}

static struct kunit_case state_cases[] = {
	KUNIT_CASE(get_without_memory_hazard05),
	KUNIT_CASE(track_without_memory_hazard05),
	KUNIT_CASE(set_without_memory_hazard05),
	KUNIT_CASE(a_refused_image_changes_nothing),
	{}
};

static struct kunit_suite state_suite = {
	.name = "vintc_state",
	.suite_init = vintc_test_up,
	.suite_exit = vintc_test_down,
	.init = make_xics_init,
	.exit = vintc_test_device_exit,
	.test_cases = state_cases,
};

kunit_test_suite(state_suite);
