// SPDX-License-Identifier: GPL-2.0-only
/* Resolving unexported functions, in a copy of symbols.c whose static ones we see. */
#define vintc_symbol			test_symbol
#define vintc_symbols_resolve		test_symbols_resolve
#define vintc_register_device_ops	test_register_device_ops
#define vintc_unregister_device_ops	test_unregister_device_ops
#define vintc_io_bus_register		test_io_bus_register
#define vintc_io_bus_unregister		test_io_bus_unregister
#define vintc_device_from_file		test_device_from_file
/* The static calls. */
#define register_device_ops		test_call_register_device_ops
#define unregister_device_ops		test_call_unregister_device_ops
#define io_bus_register_dev		test_call_io_bus_register_dev
#define io_bus_unregister_dev		test_call_io_bus_unregister_dev
#define device_from_filp		test_call_device_from_filp
#include "../../../virt/kvm/vintc/symbols.c"

#include "fixture.h"

void *vintc_test_symbol(const char *name)
{
	return test_symbol(name);
}

/* Exported functions of the kernel and of a module: their addresses are known. */
static void known_functions_resolve_to_their_start(struct kunit *test)
{
	KUNIT_EXPECT_PTR_EQ(test, test_symbol("sprint_symbol"),
			    dereference_function_descriptor(sprint_symbol));
	KUNIT_EXPECT_PTR_EQ(test, test_symbol("register_kprobe"),
			    dereference_function_descriptor(register_kprobe));
	KUNIT_EXPECT_PTR_EQ(test, test_symbol("kvm_get_kvm"),
			    dereference_function_descriptor(kvm_get_kvm));
}

static void needed_functions_resolve_to_offset_zero(struct kunit *test)
{
	static const char *const names[] = { "kvm_register_device_ops", "kvm_unregister_device_ops",
					     "kvm_io_bus_register_dev", "kvm_io_bus_unregister_dev",
					     "kvm_device_from_filp" };
	char text[KSYM_SYMBOL_LEN], expected[KSYM_NAME_LEN];
	int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		void *address = test_symbol(names[i]);

		KUNIT_ASSERT_NOT_NULL(test, address);
		sprint_symbol(text, (unsigned long)address);
		snprintf(expected, sizeof(expected), "%s+0x0/", names[i]);
		KUNIT_EXPECT_EQ_MSG(test, strncmp(text, expected, strlen(expected)), 0, "%s", text);
		if (IS_MODULE(CONFIG_KVM_BOOK3S_64))
			KUNIT_EXPECT_NOT_NULL(test, strstr(text, "[kvm]"));
	}
}

static void an_address_inside_leads_to_the_start(struct kunit *test)
{
	unsigned long start = (unsigned long)dereference_function_descriptor(sprint_symbol);

	KUNIT_EXPECT_EQ(test, symbol_start(start), start);
	KUNIT_EXPECT_EQ(test, symbol_start(start + 4), start);
	KUNIT_EXPECT_EQ(test, symbol_start(start + 8), start);
}

/* What a WARN would do is seen by run-in-host. */
static void absent_symbol_is_null(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, test_symbol("kvm_vintc_no_such_function"));
}

/* Data has a symbol, and is no function. */
static void data_is_null(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, test_symbol("jiffies_64"));
}

static void resolving_again_gives_the_same(struct kunit *test)
{
	void *first = test_symbol("kvm_register_device_ops");
	int i;

	KUNIT_ASSERT_NOT_NULL(test, first);
	for (i = 0; i < 10; i++)
		KUNIT_EXPECT_PTR_EQ(test, test_symbol("kvm_register_device_ops"), first);
}

/* They are what they are said to be: a taken number is EEXIST, beyond the table ENOSPC. */
static void resolved_functions_do_their_work(struct kunit *test)
{
	static const struct kvm_device_ops ops = { .name = "kvm-vintc-test" };

	KUNIT_ASSERT_EQ(test, test_symbols_resolve(), 0);
	KUNIT_EXPECT_EQ(test, test_register_device_ops(&ops, KVM_DEV_TYPE_MAX), -ENOSPC);
	KUNIT_ASSERT_EQ(test, test_register_device_ops(&ops, KVM_DEV_TYPE_VINTC), 0);
	KUNIT_EXPECT_EQ(test, test_register_device_ops(&ops, KVM_DEV_TYPE_VINTC), -EEXIST);
	test_unregister_device_ops(KVM_DEV_TYPE_VINTC);
	KUNIT_EXPECT_EQ(test, test_register_device_ops(&ops, KVM_DEV_TYPE_VINTC), 0);
	test_unregister_device_ops(KVM_DEV_TYPE_VINTC);
}

static struct kunit_case symbols_cases[] = {
	KUNIT_CASE(known_functions_resolve_to_their_start),
	KUNIT_CASE(needed_functions_resolve_to_offset_zero),
	KUNIT_CASE(an_address_inside_leads_to_the_start),
	KUNIT_CASE(absent_symbol_is_null),
	KUNIT_CASE(data_is_null),
	KUNIT_CASE(resolving_again_gives_the_same),
	KUNIT_CASE(resolved_functions_do_their_work),
	{}
};

static struct kunit_suite symbols_suite = {
	.name = "vintc_symbols",
	.test_cases = symbols_cases,
};

kunit_test_suite(symbols_suite);
