// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resample irqfds while devices signal, a vCPU serves, irqfds come and go, and tables
 * change. A device that wants attention gets it: each is a thread that raises, and
 * raises again when it is told that the interrupt ended while it still wants.
 */
#include <poll.h>
#include <pthread.h>

#include "common/lib/test.h"
#include "common/lib/threads.h"

#define SOURCE		0x1000u
#define DEVICES		3

/* A device, as VFIO's: its condition is true until a handler clears it. */
struct device {
	int fd, ended;
	u64 requests, wanted;
	volatile bool condition;
	volatile u64 handled;
	bool gave_up;
	pthread_t thread;
};

static void *want_attention(void *argument)
{
	struct device *device = argument;
	struct pollfd pollfd = { .fd = device->ended, .events = POLLIN };
	u64 begin;

	while (device->requests < device->wanted && !device->gave_up) {
		device->requests++;
		__atomic_store_n(&device->condition, true, __ATOMIC_SEQ_CST);
		signal_event(device->fd);
		begin = patience_begin();
		while (__atomic_load_n(&device->condition, __ATOMIC_SEQ_CST)) {
			if (poll(&pollfd, 1, 1000) == 1) {
				events_of(device->ended);
				if (__atomic_load_n(&device->condition, __ATOMIC_SEQ_CST))
					signal_event(device->fd);
			} else if (!patience_yield(begin)) {
				device->gave_up = true;
				break;
			}
		}
	}
	return NULL;
}

/* A vCPU that serves all devices of the source, as a shared interrupt's handlers do. */
struct server {
	int dev, fd;
	u32 cpu;
	struct device *devices;
	volatile bool stop;
	volatile u64 interrupts;
	pthread_t thread;
};

static void serve(struct server *server)
{
	u32 taken = h_xirr(server->dev, server->cpu);

	if (!XIRR_XISR(taken))
		return;
	server->interrupts++;
	for (int i = 0; i < DEVICES; i++)
		if (__atomic_exchange_n(&server->devices[i].condition, false, __ATOMIC_SEQ_CST))
			server->devices[i].handled++;
	h_eoi(server->dev, server->cpu, taken);
}

static void *serve_all(void *argument)
{
	struct server *server = argument;
	struct pollfd pollfd = { .fd = server->fd, .events = POLLIN };

	while (!server->stop)
		if (poll(&pollfd, 1, 100) == 1)
			serve(server);
	return NULL;
}

FIXTURE(shared) {
	struct machine machine;
	struct device devices[DEVICES];
	struct server server;
	int dev;
};
FIXTURE_SETUP(shared)
{
	machine_create(&self->machine, 1);
	self->dev = new_xics(&self->machine);
	for (int i = 0; i < 2; i++)
		must(set_source(self->dev, SOURCE + i,
				source_state(server_of(0), 5, SOURCE_LEVEL)));
	must(set_table(self->dev, to_pin(1, SOURCE)));
	for (int i = 0; i < DEVICES; i++) {
		self->devices[i] = (struct device){
			.fd = new_eventfd(), .ended = new_eventfd(), .wanted = soak(30),
		};
		must(assign_resample(self->dev, self->devices[i].fd, 1, self->devices[i].ended));
	}
	self->server = (struct server){
		.dev = self->dev, .fd = new_line_fd(self->dev, 0), .devices = self->devices,
	};
}
FIXTURE_TEARDOWN(shared)
{
	for (int i = 0; i < DEVICES; i++) {
		machine_close(&self->devices[i].fd);
		machine_close(&self->devices[i].ended);
	}
	machine_close(&self->server.fd);
	machine_close(&self->dev);
	machine_destroy(&self->machine);
}
#define SHARED_TEST(name)	TEST_F_TIMEOUT(shared, name, TIMEOUT)

static void begin(struct server *server)
{
	if (pthread_create(&server->thread, NULL, serve_all, server))
		fatal("no thread");
	for (int i = 0; i < DEVICES; i++)
		if (pthread_create(&server->devices[i].thread, NULL, want_attention,
				   &server->devices[i]))
			fatal("no thread");
}

static void finish(struct __test_metadata *_metadata, struct server *server)
{
	for (int i = 0; i < DEVICES; i++) {
		struct device *device = &server->devices[i];

		pthread_join(device->thread, NULL);
		EXPECT_FALSE(device->gave_up);
		EXPECT_EQ(device->wanted, device->handled) {
			TH_LOG("device %d", i);
		}
	}
	server->stop = true;
	pthread_join(server->thread, NULL);
	EXPECT_LT(0, server->interrupts);
}

SHARED_TEST(every_request_is_served)
{
	begin(&self->server);
	finish(_metadata, &self->server);
}

static void move_the_route(struct hammer *h)
{
	h->number ^= 1;
	must(set_table(h->dev, to_pin(1, SOURCE + h->number)));
}

SHARED_TEST(while_the_route_moves)
{
	struct hammer mover = { .strike = move_the_route, .dev = self->dev };

	hammer_start(&mover);
	begin(&self->server);
	finish(_metadata, &self->server);
	hammer_stop(&mover);
}

static void come_and_go(struct hammer *h)
{
	must(assign_resample(h->dev, h->fd, 1, h->cpu));
	signal_event(h->fd);
	must(deassign_from(h->dev, h->fd, 1));
}

SHARED_TEST(while_others_come_and_go)
{
	struct hammer others[2];

	for (int i = 0; i < ARRAY_SIZE(others); i++)
		others[i] = (struct hammer){
			.strike = come_and_go, .dev = self->dev, .fd = new_eventfd(),
			.cpu = new_eventfd(),	/* that tells */
		};
	hammers_start(others, ARRAY_SIZE(others));
	begin(&self->server);
	finish(_metadata, &self->server);
	hammers_stop(others, ARRAY_SIZE(others));
	for (int i = 0; i < ARRAY_SIZE(others); i++) {
		close(others[i].fd);
		close(others[i].cpu);
	}
}

static void drive_the_line(struct hammer *h)
{
	must(device_line(h->dev, 1, 1));
	must(device_line(h->dev, 1, 0));
}

SHARED_TEST(while_the_line_is_driven)
{
	struct hammer line = { .strike = drive_the_line, .dev = self->dev };

	hammer_start(&line);
	begin(&self->server);
	finish(_metadata, &self->server);
	hammer_stop(&line);
}

/* hazard: the last descriptor of an eventfd is closed while it is held and moved. */
static void close_it(struct hammer *h)
{
	int fd = new_eventfd(), ended = new_eventfd();

	must(assign_resample(h->dev, fd, 1, ended));
	signal_event(fd);
	if (h->strikes & 1)
		close(ended);
	close(fd);
	if (!(h->strikes & 1))
		close(ended);
}

SHARED_TEST(while_eventfds_are_closed)
{
	struct hammer closer = { .strike = close_it, .dev = self->dev };
	struct hammer mover = { .strike = move_the_route, .dev = self->dev };

	hammer_start(&closer);
	hammer_start(&mover);
	begin(&self->server);
	finish(_metadata, &self->server);
	hammer_stop(&mover);
	hammer_stop(&closer);
	/* Nothing of them holds the source. */
	EXPECT_SOON(({ serve(&self->server); !lines_of(self->dev, 0); }));
}

COMMON_TEST_MAIN
