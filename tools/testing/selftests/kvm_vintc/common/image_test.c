// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_VINTC_GET_STATE and KVM_VINTC_SET_STATE: what was read can be set, in the same
 * device or another, is then read back the same, and goes on in the same way.
 */
#include "common/lib/test.h"

#define SOURCE		0x1000u
#define SOURCES		10u
#define CPUS		2
#define RANDOM_STATES	16

/* ---- a device that is used at random, and what it answers ---- */

static u32 random_source(struct random *random)
{
	u32 i = random_below(random, SOURCES);

	return i < SOURCES / 2 ? SOURCE + i : 0xabc00 + i;
}

static bool is_level(u32 source)
{
	return source & 1;
}

static void add_sources(int dev)
{
	for (u32 i = 0; i < SOURCES; i++) {
		u32 source = i < SOURCES / 2 ? SOURCE + i : 0xabc00 + i;

		must(set_source(dev, source,
				source_state(server_of(i % CPUS), 3 + i,
					     is_level(source) ? SOURCE_LEVEL : SOURCE_MSI)));
	}
}

static u64 use_xics(int dev, struct random *random)
{
	static const u64 calls[] = { H_XIRR, H_EOI, H_CPPR, H_IPI, H_IPOLL };
	u32 cpu = random_below(random, CPUS), source = random_source(random);
	u32 server = server_of(random_below(random, CPUS)), which = random_below(random, 12);
	u32 value = random_below(random, 16), rets[2] = {};
	struct kvm_vintc_command c;
	u64 number, r4;

	if (which < 4) {
		must(device_line(dev, source, which & 1));
		return 0;
	}
	if (which < 7) {
		rets[0] = rtas(dev, cpu, 1 + random_below(random, 4), source, server, value, rets);
		return rets[0] | (u64)rets[1] << 32;
	}
	number = calls[random_below(random, ARRAY_SIZE(calls))];
	r4 = number == H_EOI ? xirr(value < 4 ? 0xff : value, source) :
	     number == H_CPPR ? (value < 8 ? 0xff : value) : server;
	must(hypercall(dev, cpu, number, r4, value, &c));
	return c.hypercall.status ^ c.hypercall.regs[0] << 8 ^ (u64)c.lines << 60;
}

static u64 use_gicv2(int dev, struct random *random)
{
	static const u32 offsets[] = {
		GICD_ISENABLER + 4, GICD_ICENABLER + 4, GICD_ISPENDR + 4, GICD_ICPENDR + 4,
		GICD_ISACTIVER + 4, GICD_ICACTIVER + 4, GICD_IPRIORITYR + 40, GICD_ITARGETSR + 40,
		GICD_IGROUPR + 4, GICD_ICFGR + 8, GICD_ISENABLER, GICD_CPENDSGIR, GICD_SPENDSGIR,
		GICD_IPRIORITYR,
	};
	u32 cpu = random_below(random, CPUS), which = random_below(random, 12);
	u64 value = random_below(random, 1ull << 32);
	u32 spi = 32 + random_below(random, 32), iar;

	if (which < 3) {
		must(device_line(dev, spi_line(spi), which & 1));
	} else if (which == 3) {
		gicd_write(dev, cpu, GICD_SGIR, sgir_to(value & 3, value >> 8 & 0xf));
	} else if (which < 7) {
		gicd_write(dev, cpu, offsets[random_below(random, ARRAY_SIZE(offsets))], value);
	} else if (which == 7) {
		gicc_write(dev, cpu, GICC_PMR, value & 1 ? PRIORITY_LOWEST : value);
	} else if (which == 8) {
		value &= GICC_EOIMODE | GICC_FIQEN | GICC_ACKCTL;
		gicc_write(dev, cpu, GICC_CTLR, value | GICC_ENABLE_GROUP0 | GICC_ENABLE_GROUP1);
	} else {
		iar = gicc_read(dev, cpu, value & 1 ? GICC_IAR : GICC_AIAR);
		if (value & 2)
			gicc_write(dev, cpu, value & 1 ? GICC_EOIR : GICC_AEOIR, iar);
		return iar;
	}
	return lines_of(dev, cpu);
}

/* A pair of devices of one model, the first of them used for a while. */
struct model {
	int (*create)(struct machine *machine);
	u64 (*use)(int dev, struct random *random);
	void (*prepare)(int dev);
};

static int create_gicv2(struct machine *machine)
{
	int dev = new_gicv2(machine);

	gicd_write(dev, 0, GICD_CTLR, GICD_ENABLE_GROUP0 | GICD_ENABLE_GROUP1);
	return dev;
}

static void prepare_gicv2(int dev)
{
	for (u32 intid = 32; intid < 64; intid++)
		enable_spi(dev, intid & 1, intid, intid * 8, intid & 2);
}

static const struct model xics = { new_xics, use_xics, add_sources };
static const struct model gicv2 = { create_gicv2, use_gicv2, prepare_gicv2 };

/* A state that a guest could have brought about. */
static struct image random_state(const struct model *model, int dev, u64 seed)
{
	struct random random;

	random_seed(&random, seed);
	for (u64 i = 0; i < 30 + 7 * seed; i++)
		model->use(dev, &random);
	return image_of(dev);
}

static bool is_well_formed(const struct image *image, u32 model)
{
	const struct kvm_vintc_image *header = image->header;

	if (header->magic != KVM_VINTC_IMAGE_MAGIC || header->flags ||
	    header->version != KVM_VINTC_IMAGE_VERSION || header->model != model ||
	    image->size != sizeof(*header) + header->count * sizeof(image->regs[0]))
		return false;
	for (u32 i = 1; i < header->count; i++)
		if (image->regs[i].id <= image->regs[i - 1].id)
			return false;
	return true;
}

XICS_TEST(an_image_is_well_formed)
{
	struct image image;

	add_sources(self->dev);
	image = image_of(self->dev);
	EXPECT_TRUE(is_well_formed(&image, KVM_VINTC_MODEL_XICS));
	EXPECT_EQ(CPUS + SOURCES, image.header->count);
	image_free(&image);
}

GICV2_TEST(an_image_is_well_formed)
{
	struct image image = image_of(self->dev);

	EXPECT_TRUE(is_well_formed(&image, KVM_VINTC_MODEL_GICV2));
	EXPECT_EQ(1 + CPUS * 33 + GIC_SPIS, image.header->count);
	image_free(&image);
}

/* ---- get, set, get ---- */

static void identity(struct __test_metadata *_metadata, struct machine *machine,
		     const struct model *model)
{
	int dev = model->create(machine);

	model->prepare(dev);
	for (u64 seed = 1; seed <= soak(RANDOM_STATES); seed++) {
		struct image state = random_state(model, dev, seed);

		ASSERT_EQ(0, set_image(dev, &state));
		ASSERT_TRUE(is_in_state(dev, &state)) {
			TH_LOG("seed %lu", seed);
		}
		image_free(&state);
	}
	close(dev);
}

MACHINE_TEST(identity_of_a_xics)
{
	identity(_metadata, &self->machine, &xics);
}

MACHINE_TEST(identity_of_a_gicv2)
{
	identity(_metadata, &self->machine, &gicv2);
}

/* hazard 19: the other device takes the state, and from there on answers the same. */
static void moved(struct __test_metadata *_metadata, struct machine *machine,
		  const struct model *model)
{
	int from = model->create(machine), to = model->create(machine);

	model->prepare(from);
	for (u64 seed = 1; seed <= soak(RANDOM_STATES / 2); seed++) {
		struct image state = random_state(model, from, seed);
		struct random one, other;

		ASSERT_EQ(0, set_image(to, &state));
		ASSERT_TRUE(is_in_state(to, &state)) {
			TH_LOG("seed %lu", seed);
		}
		for (int cpu = 0; cpu < CPUS; cpu++)
			ASSERT_EQ(lines_of(from, cpu), lines_of(to, cpu));
		random_seed(&one, seed + 1000);
		random_seed(&other, seed + 1000);
		for (int i = 0; i < 50; i++) {
			ASSERT_EQ(model->use(from, &one), model->use(to, &other)) {
				TH_LOG("seed %lu, %d", seed, i);
			}
		}
		image_free(&state);
		state = image_of(from);
		EXPECT_TRUE(is_in_state(to, &state));
		image_free(&state);
	}
	close(to);
	close(from);
}

MACHINE_TEST(hazard19_a_xics_moves)
{
	moved(_metadata, &self->machine, &xics);
}

MACHINE_TEST(hazard19_a_gicv2_moves)
{
	moved(_metadata, &self->machine, &gicv2);
}

/* ---- full and partial ---- */

static int set_part(int dev, struct kvm_vintc_image_reg one)
{
	struct {
		struct kvm_vintc_image header;
		struct kvm_vintc_image_reg reg;
	} image = {
		.header = {
			.magic = KVM_VINTC_IMAGE_MAGIC, .version = KVM_VINTC_IMAGE_VERSION,
			.flags = KVM_VINTC_IMAGE_PARTIAL, .model = KVM_VINTC_MODEL_XICS,
			.count = 1,
		},
		.reg = one,
	};

	return set_state(dev, &image, sizeof(image));
}

XICS_TEST(registers_that_a_full_image_does_not_name_are_reset)
{
	u64 icp = KVM_VINTC_REG_ICP(server_of(0)), source = KVM_VINTC_REG_SOURCE(SOURCE);
	struct image image, after_reset;

	must(set_source(self->dev, SOURCE, source_state(server_of(0), 5, SOURCE_MSI)));
	image = image_of(self->dev);
	must(reset(self->dev, 0));
	after_reset = image_of(self->dev);
	must(set_image(self->dev, &image));
	image_remove(&image, icp);
	image_remove(&image, source);
	EXPECT_EQ(0, set_image(self->dev, &image));
	EXPECT_EQ(image_reg(&after_reset, icp)->value, reg(self->dev, icp));
	EXPECT_EQ(image_reg(&after_reset, source)->value, reg(self->dev, source));
	EXPECT_EQ(ICP_OPEN, reg(self->dev, KVM_VINTC_REG_ICP(server_of(1))));
	image_free(&after_reset);
	image_free(&image);
}

XICS_TEST(a_partial_image_changes_what_it_names)
{
	u64 value = icp_state(9, 0, 0xff, 0xff), id = KVM_VINTC_REG_ICP(server_of(1));
	struct image before;

	add_sources(self->dev);
	before = image_of(self->dev);
	EXPECT_EQ(0, set_part(self->dev, (struct kvm_vintc_image_reg){ id, value }));
	image_reg(&before, id)->value = value;
	EXPECT_TRUE(is_in_state(self->dev, &before));
	image_free(&before);
}

XICS_TEST(an_image_brings_its_sources_along)
{
	int other = new_xics(&self->machine);
	struct image image;

	add_sources(self->dev);
	pulse(self->dev, SOURCE);
	image = image_of(self->dev);
	EXPECT_EQ(0, set_image(other, &image));
	EXPECT_EQ(xirr(0xff, SOURCE), h_xirr(other, 0));
	image_free(&image);
	close(other);
}

/* ---- what has changed since ---- */

#define TRACK	KVM_VINTC_STATE_TRACK
#define SINCE	(KVM_VINTC_STATE_TRACK | KVM_VINTC_STATE_SINCE)

static bool is_partial(const struct image *image)
{
	return image->header->flags & KVM_VINTC_IMAGE_PARTIAL;
}

XICS_TEST(what_has_changed_since)
{
	struct image first, second, third;

	add_sources(self->dev);
	must(get_image(self->dev, TRACK, 0, &first));
	EXPECT_FALSE(is_partial(&first));
	h_ipi(self->dev, 0, server_of(1), 4);
	must(get_image(self->dev, SINCE, first.generation, &second));
	EXPECT_TRUE(is_partial(&second));
	EXPECT_EQ(1, second.header->count);
	EXPECT_EQ(KVM_VINTC_REG_ICP(server_of(1)), second.regs[0].id);
	EXPECT_NE(first.generation, second.generation);
	/* Nothing has changed since. */
	must(get_image(self->dev, SINCE, second.generation, &third));
	EXPECT_TRUE(is_partial(&third));
	EXPECT_EQ(0, third.header->count);
	EXPECT_EQ(sizeof(struct kvm_vintc_image), third.size);
	/* The device remembers one state: of the first it knows nothing any more. */
	image_free(&third);
	must(get_image(self->dev, SINCE, first.generation, &third));
	EXPECT_FALSE(is_partial(&third));
	EXPECT_EQ(CPUS + SOURCES, third.header->count);
	image_free(&third);
	image_free(&second);
	image_free(&first);
}

XICS_TEST(a_look_without_track_is_not_remembered)
{
	struct image first, look, second;

	must(get_image(self->dev, TRACK, 0, &first));
	h_cppr(self->dev, 0, 7);
	look = image_of(self->dev);
	must(get_image(self->dev, SINCE, first.generation, &second));
	EXPECT_TRUE(is_partial(&second));
	EXPECT_EQ(1, second.header->count);
	image_free(&second);
	image_free(&look);
	image_free(&first);
}

/* It is told of, with or without all that was there. */
XICS_TEST(a_new_source_has_changed)
{
	struct image first, second;

	must(get_image(self->dev, TRACK, 0, &first));
	must(set_source(self->dev, SOURCE, source_state(server_of(0), 5, SOURCE_MSI)));
	must(get_image(self->dev, SINCE, first.generation, &second));
	EXPECT_NE(NULL, image_reg(&second, KVM_VINTC_REG_SOURCE(SOURCE)));
	image_free(&first);
	must(get_image(self->dev, SINCE, second.generation, &first));
	EXPECT_TRUE(is_partial(&first));
	EXPECT_EQ(0, first.header->count);
	image_free(&second);
	image_free(&first);
}

/* Too small a room: nothing else has happened, and the same can be asked again. */
XICS_TEST(too_small_a_room_remembers_nothing)
{
	struct image first, second;
	struct kvm_vintc_state state;

	must(get_image(self->dev, TRACK, 0, &first));
	h_cppr(self->dev, 0, 7);
	state = (struct kvm_vintc_state){ .flags = SINCE, .generation = first.generation };
	EXPECT_EQ(-E2BIG, xioctl(self->dev, KVM_VINTC_GET_STATE, &state));
	EXPECT_EQ(first.generation, state.generation);
	EXPECT_EQ(sizeof(struct kvm_vintc_image) + sizeof(struct kvm_vintc_image_reg), state.size);
	state.size--;
	EXPECT_EQ(-E2BIG, xioctl(self->dev, KVM_VINTC_GET_STATE, &state));
	must(get_image(self->dev, SINCE, first.generation, &second));
	EXPECT_TRUE(is_partial(&second));
	EXPECT_EQ(1, second.header->count);
	image_free(&second);
	image_free(&first);
}

/* Continuous replication: the standby follows by what has changed, in every state. */
static void replicate(struct __test_metadata *_metadata, struct machine *machine,
		      const struct model *model)
{
	int dev = model->create(machine), standby = model->create(machine);
	u64 generation = 0, seed = 4711, partial = 0;
	struct random random;

	model->prepare(dev);
	random_seed(&random, seed);
	for (u64 round = 0; round < soak(30); round++) {
		struct image change, now;

		for (u64 i = random_below(&random, 20); i; i--)
			model->use(dev, &random);
		ASSERT_EQ(0, get_image(dev, SINCE, generation, &change));
		generation = change.generation;
		partial += is_partial(&change);
		ASSERT_EQ(0, set_image(standby, &change));
		now = image_of(dev);
		ASSERT_TRUE(is_in_state(standby, &now)) {
			TH_LOG("round %lu", round);
		}
		image_free(&now);
		image_free(&change);
	}
	EXPECT_EQ(soak(30) - 1, partial);
	close(standby);
	close(dev);
}

MACHINE_TEST(a_standby_follows_a_xics)
{
	replicate(_metadata, &self->machine, &xics);
}

MACHINE_TEST(a_standby_follows_a_gicv2)
{
	replicate(_metadata, &self->machine, &gicv2);
}

COMMON_TEST_MAIN
