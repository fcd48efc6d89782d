# SPDX-License-Identifier: GPL-2.0-only
#
# Builds $(OUT)/bench-vmm for a host, its guest inside. An architecture's Makefile
# includes this after it has set
#
#   CROSS_COMPILE       of the host and its guests
#   objects             of the VMM: the C files beside the Makefile
#   tests_arch          the kselftests' directory for that architecture, if it takes any of it
#   library             files that it takes from the kselftests' lib/ and common/lib/, or
#                       tests_arch's
#   guest_flags         what the compiler must be told for a guest of that kind
#   guest_start         the guest's entry and vectors
#   guest_lds           its linker script

CC	:= $(CROSS_COMPILE)gcc
LD	:= $(CROSS_COMPILE)ld
OBJCOPY	:= $(CROSS_COMPILE)objcopy
STRIP	:= $(CROSS_COMPILE)strip

ifndef OUT
$(error OUT=<dir> says where the benchmark is to be built)
endif

common	:= forwarder lookup memory our_state report threads timing

CPPFLAGS += -D_GNU_SOURCE -I$(root)include/uapi -I$(tests) $(addprefix -I,$(tests_arch)) -I$(bench) -I$(here)
CFLAGS	 += -std=gnu11 -O2 -g1 -Wall -Wextra -Wno-sign-compare -pthread -MMD -MP
LDFLAGS	 += -static -pthread

# The guest has no floating point, no vectors and no libc.
guest_flags += -std=gnu11 -O2 -g1 -Wall -Wextra -ffreestanding -fno-pic -fno-stack-protector \
	-fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns -nostdlib -MMD -MP \
	-I$(tests) $(addprefix -I,$(tests_arch)) -I$(here)

all_objects := $(addprefix $(OUT)/obj/,$(objects) guest_image.o) \
	$(patsubst %,$(OUT)/obj/common-%.o,$(common)) $(patsubst %,$(OUT)/obj/lib-%.o,$(library))

$(OUT)/bench-vmm: $(all_objects)
	$(CC) $(LDFLAGS) -o $@ $^
	$(STRIP) $@

$(OUT)/obj/%.o: $(here)%.c | $(OUT)/obj
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(OUT)/obj/common-%.o: $(bench)common/%.c | $(OUT)/obj
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(OUT)/obj/lib-%.o: $(tests)lib/%.c | $(OUT)/obj
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(OUT)/obj/lib-%.o: $(tests)common/lib/%.c | $(OUT)/obj
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(OUT)/obj/lib-%.o: $(tests_arch)lib/%.c | $(OUT)/obj
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(OUT)/obj/guest_image.o: $(tests)lib/guest_image.S $(OUT)/obj/guest.bin
	$(CC) -DGUEST_IMAGE='"$(OUT)/obj/guest.bin"' -c -o $@ $<

$(OUT)/obj/guest.bin: $(OUT)/obj/guest.elf
	$(OBJCOPY) -O binary $< $@

$(OUT)/obj/guest.elf: $(guest_lds) $(OUT)/obj/guest-start.o $(OUT)/obj/guest-main.o
	$(LD) -static --no-undefined --no-warn-rwx-segments -T $^ -o $@

$(OUT)/obj/guest-start.o: $(guest_start) | $(OUT)/obj
	$(CC) $(guest_flags) -c -o $@ $<

$(OUT)/obj/guest-main.o: $(here)guest.c | $(OUT)/obj
	$(CC) $(guest_flags) -c -o $@ $<

$(OUT)/obj:
	mkdir -p $@

-include $(wildcard $(OUT)/obj/*.d)
