// SPDX-License-Identifier: GPL-2.0-only
/*
 * A storm through devices that userspace presents: each vCPU is a thread that sleeps on
 * its line's eventfd and takes what is there; others send. What was sent is counted at its
 * source and where it is taken.
 */
#include <poll.h>
#include <pthread.h>

#include "common/lib/test.h"

#define CPUS		3
#define SENDERS		3	/* to each vCPU */
#define SOURCE		0x1000u
#define SPI		40u

/* A message: told by an interrupt, and read when that is taken. */
struct channel {
	volatile u64 sent;
	volatile u64 taken;	/* interrupts */
	volatile u64 seen;	/* how far sent was when one was taken */
};

struct storm {
	struct machine machine;
	int dev;
	bool gicv2;
	struct channel channels[CPUS][SENDERS];
	volatile bool stop;
};

struct taker {
	struct storm *storm;
	int cpu, fd;
	pthread_t thread;
};

static void note(struct storm *storm, int cpu, u32 number)
{
	struct channel *channel = &storm->channels[cpu][number % SENDERS];

	if (number / SENDERS != cpu || number >= CPUS * SENDERS)
		fatal("vCPU %d took an interrupt of another, %u", cpu, number);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	channel->seen = channel->sent;
	__atomic_fetch_add(&channel->taken, 1, __ATOMIC_SEQ_CST);
}

/* Takes one interrupt. False: there is none. */
static bool take_xics(struct storm *storm, int cpu)
{
	u32 taken = h_xirr(storm->dev, cpu);

	if (!XIRR_XISR(taken))
		return false;
	note(storm, cpu, XIRR_XISR(taken) - SOURCE);
	h_eoi(storm->dev, cpu, taken);
	return true;
}

static bool take_gicv2(struct storm *storm, int cpu)
{
	u32 iar = gicc_read(storm->dev, cpu, GICC_IAR);

	if (iar == INTID_SPURIOUS)
		return false;
	note(storm, cpu, iar - SPI);
	gicc_write(storm->dev, cpu, GICC_EOIR, iar);
	return true;
}

static void *take_all(void *argument)
{
	struct taker *taker = argument;
	struct pollfd pollfd = { .fd = taker->fd, .events = POLLIN };
	struct storm *storm = taker->storm;

	while (!storm->stop)
		/* The eventfd says that there may be one: it need not be so. */
		if (poll(&pollfd, 1, 100) == 1)
			while (storm->gicv2 ? take_gicv2(storm, taker->cpu)
					    : take_xics(storm, taker->cpu))
				;
	return NULL;
}

static u32 gsi_of(struct storm *storm, u32 number)
{
	return storm->gicv2 ? SPI - 32 + number : SOURCE + number;
}

static void storm_begin(struct storm *storm, struct taker *takers, bool gicv2)
{
	memset(storm, 0, sizeof(*storm));
	storm->gicv2 = gicv2;
	machine_create(&storm->machine, CPUS);
	storm->dev = gicv2 ? new_gicv2(&storm->machine) : new_xics(&storm->machine);
	for (u32 number = 0; number < CPUS * SENDERS; number++) {
		int cpu = number / SENDERS;

		if (gicv2)
			enable_spi(storm->dev, cpu, SPI + number, 0x20 + number * 8, true);
		else
			must(set_source(storm->dev, SOURCE + number,
					source_state(server_of(cpu), 4 + number, SOURCE_MSI)));
	}
	for (int cpu = 0; cpu < CPUS; cpu++) {
		takers[cpu] = (struct taker){
			.storm = storm, .cpu = cpu, .fd = new_line_fd(storm->dev, cpu),
		};
		if (pthread_create(&takers[cpu].thread, NULL, take_all, &takers[cpu]))
			fatal("no thread");
	}
}

static void storm_end(struct storm *storm, struct taker *takers)
{
	storm->stop = true;
	for (int cpu = 0; cpu < CPUS; cpu++) {
		pthread_join(takers[cpu].thread, NULL);
		close(takers[cpu].fd);
	}
	close(storm->dev);
	machine_destroy(&storm->machine);
}

/* A sender: of each kind of injection, by its number. */
struct sender {
	struct storm *storm;
	u32 number;
	u64 messages;
	bool waits;		/* until each message was taken */
	int fd;			/* -1: by ioctl */
	bool gave_up;
	pthread_t thread;
};

static void *send_all(void *argument)
{
	struct sender *sender = argument;
	struct storm *storm = sender->storm;
	struct channel *channel = &storm->channels[sender->number / SENDERS]
						  [sender->number % SENDERS];

	while (channel->sent < sender->messages && !sender->gave_up) {
		u64 message = __atomic_add_fetch(&channel->sent, 1, __ATOMIC_SEQ_CST);

		if (sender->fd >= 0)
			signal_event(sender->fd);
		else
			pulse(storm->dev, gsi_of(storm, sender->number));
		if (sender->waits)
			sender->gave_up = !wait_briefly(channel->taken >= message);
	}
	if (!wait_for(channel->seen == sender->messages))
		sender->gave_up = true;
	return NULL;
}

static void storm_of(struct __test_metadata *_metadata, bool gicv2, bool waits)
{
	struct sender senders[CPUS * SENDERS];
	struct taker takers[CPUS];
	struct storm storm;

	storm_begin(&storm, takers, gicv2);
	for (u32 i = 0; i < ARRAY_SIZE(senders); i++) {
		senders[i] = (struct sender){
			.storm = &storm, .number = i, .messages = soak(40), .waits = waits,
			.fd = i % 2 ? new_eventfd() : -1,
		};
		if (senders[i].fd >= 0)
			must(assign_to(storm.dev, senders[i].fd, gsi_of(&storm, i)));
		ASSERT_EQ(0, pthread_create(&senders[i].thread, NULL, send_all, &senders[i]));
	}
	for (u32 i = 0; i < ARRAY_SIZE(senders); i++) {
		struct channel *channel = &storm.channels[i / SENDERS][i % SENDERS];

		pthread_join(senders[i].thread, NULL);
		EXPECT_FALSE(senders[i].gave_up) {
			TH_LOG("sender %u: %lu sent, %lu taken, seen to %lu", i, channel->sent,
			       channel->taken, channel->seen);
		}
		EXPECT_EQ(senders[i].messages, channel->seen);
		EXPECT_LE(channel->taken, channel->sent);
		if (waits)
			EXPECT_EQ(channel->sent, channel->taken);
		machine_close(&senders[i].fd);
	}
	storm_end(&storm, takers);
}

PLAIN_TEST(each_message_to_a_xics_is_one_interrupt)
{
	storm_of(_metadata, false, true);
}

PLAIN_TEST(the_last_message_to_a_xics_arrives)
{
	storm_of(_metadata, false, false);
}

PLAIN_TEST(each_message_to_a_gicv2_is_one_interrupt)
{
	storm_of(_metadata, true, true);
}

PLAIN_TEST(the_last_message_to_a_gicv2_arrives)
{
	storm_of(_metadata, true, false);
}

/* ---- IPIs between vCPUs, each of them sending to the next ---- */

struct peer {
	int dev, cpu, fd;
	bool gicv2;
	u64 rounds;
	u64 counts;
	bool gave_up;
	pthread_t thread;
};

static void send_ipi(struct peer *peer)
{
	int next = (peer->cpu + 1) % CPUS;

	if (peer->gicv2)
		gicd_write(peer->dev, peer->cpu, GICD_SGIR, sgir_to(1u << next, 3));
	else
		h_ipi(peer->dev, peer->cpu, server_of(next), 4);
}

static bool take_ipi(struct peer *peer)
{
	u32 taken;

	if (peer->gicv2) {
		taken = gicc_read(peer->dev, peer->cpu, GICC_IAR);
		if (taken == INTID_SPURIOUS)
			return false;
		gicc_write(peer->dev, peer->cpu, GICC_EOIR, taken);
		return true;
	}
	taken = h_xirr(peer->dev, peer->cpu);
	if (!XIRR_XISR(taken))
		return false;
	h_ipi(peer->dev, peer->cpu, server_of(peer->cpu), 0xff);
	h_eoi(peer->dev, peer->cpu, taken);
	return true;
}

/* A token goes round: who has it passes it on. */
static void *pass_on(void *argument)
{
	struct peer *peer = argument;
	struct pollfd pollfd = { .fd = peer->fd, .events = POLLIN };

	while (peer->counts < peer->rounds) {
		if (poll(&pollfd, 1, 60000) != 1) {
			peer->gave_up = true;
			break;
		}
		if (!take_ipi(peer))
			continue;
		peer->counts++;
		/* The last of all keeps it. */
		if (peer->cpu != CPUS - 1 || peer->counts < peer->rounds)
			send_ipi(peer);
	}
	return NULL;
}

static void token_goes_round(struct __test_metadata *_metadata, bool gicv2)
{
	struct peer peers[CPUS];
	struct machine machine;
	int dev;

	machine_create(&machine, CPUS);
	dev = gicv2 ? new_gicv2(&machine) : new_xics(&machine);
	if (gicv2)
		for (int cpu = 0; cpu < CPUS; cpu++)
			gicd_write(dev, cpu, GICD_ISENABLER, 0xffff);
	for (int cpu = 0; cpu < CPUS; cpu++) {
		peers[cpu] = (struct peer){
			.dev = dev, .cpu = cpu, .fd = new_line_fd(dev, cpu), .gicv2 = gicv2,
			.rounds = soak(40),
		};
		ASSERT_EQ(0, pthread_create(&peers[cpu].thread, NULL, pass_on, &peers[cpu]));
	}
	send_ipi(&peers[CPUS - 1]);
	for (int cpu = 0; cpu < CPUS; cpu++) {
		pthread_join(peers[cpu].thread, NULL);
		EXPECT_FALSE(peers[cpu].gave_up);
		EXPECT_EQ(peers[cpu].rounds, peers[cpu].counts);
		EXPECT_EQ(0, lines_of(dev, cpu));
		close(peers[cpu].fd);
	}
	close(dev);
	machine_destroy(&machine);
}

PLAIN_TEST(a_token_goes_round_by_ipis)
{
	token_goes_round(_metadata, false);
}

PLAIN_TEST(a_token_goes_round_by_sgis)
{
	token_goes_round(_metadata, true);
}

COMMON_TEST_MAIN
