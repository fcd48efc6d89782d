// SPDX-License-Identifier: GPL-2.0-only
/*
 * The load of a guest that is saved, restored and moved: every kind of interrupt
 * at once, in loops that check and count each request.
 *
 *   storm PEER READ-DISK WRITE-DISK
 *
 * wakeups	two threads, one on each CPU, wake each other through pipes
 * barriers	membarrier(): an IPI that its sender waits for
 * reads	direct reads, compared with what was read at the start
 * writes	direct writes, read back
 * echoes	ICMP echo requests to PEER, several at a time; the network may lose
 *		one, which is sent again and counted
 * moves	all interrupts are routed to the other CPU
 *
 * Says every half second how many requests were completed. Ends when a line comes
 * from standard input, and then says how many were issued, too. Fails as soon as a
 * load has not got on for STUCK seconds: its interrupt is lost.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/fs.h>
#include <linux/membarrier.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define STUCK		120	/* seconds */
#define INTERVAL	500	/* milliseconds between two reports */
#define BLOCK		4096
#define MOST		(1 << 20)	/* bytes of a read; a disk has a multiple of it */
#define WINDOW		4	/* echo requests on their way */
#define ECHO_TIMEOUT	2000	/* milliseconds until one is sent again */
#define MOVE_INTERVAL	20000	/* microseconds */

struct load {
	const char *name;
	void (*run)(struct load *load);
	int cpu;
	atomic_ulong issued;
	atomic_ulong completed;
	atomic_bool ended;
	pthread_t thread;
};

static const char *peer, *read_disk, *write_disk;
static atomic_bool ending;
static atomic_ulong echoes_again, wakeups_seen;
static int there[2], back[2];

static void fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	printf("STORM FAIL ");
	vprintf(format, arguments);
	printf("\n");
	fflush(stdout);
	_exit(1);
}

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		fail("no CPU %d", cpu);
}

/* A number that says nothing about the next one. */
static unsigned int shuffle(unsigned int *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* ---- wakeups ---- */

static void *answer_wakeups(void *unused)
{
	unsigned long word;

	stay_on(1);
	while (read(there[0], &word, sizeof(word)) == sizeof(word)) {
		atomic_fetch_add(&wakeups_seen, 1);
		if (write(back[1], &word, sizeof(word)) != sizeof(word))
			fail("wakeups: the pipe is broken");
	}
	return unused;
}

static void run_wakeups(struct load *load)
{
	pthread_t other;
	unsigned long word;

	if (pipe(there) || pipe(back) || pthread_create(&other, NULL, answer_wakeups, NULL))
		fail("wakeups: no pipes");
	while (!ending) {
		unsigned long number = ++load->issued;

		if (write(there[1], &number, sizeof(number)) != sizeof(number) ||
		    read(back[0], &word, sizeof(word)) != sizeof(word) || word != number)
			fail("wakeups: sent %lu, received %lu", number, word);
		++load->completed;
	}
	close(there[1]);
	pthread_join(other, NULL);
}

/* ---- barriers ---- */

static void run_barriers(struct load *load)
{
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0))
		fail("barriers: not known to this kernel");
	while (!ending) {
		++load->issued;
		if (syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0))
			fail("barriers: refused");
		++load->completed;
		usleep(1000);
	}
}

/* ---- disks ---- */

struct disk {
	int fd;
	unsigned int blocks;
	unsigned char *buffer;	/* of a block, aligned as direct I/O wants it */
};

static struct disk open_disk(const char *path, int mode)
{
	struct disk disk;
	uint64_t size;

	disk.fd = open(path, mode | O_DIRECT);
	if (disk.fd < 0 || ioctl(disk.fd, BLKGETSIZE64, &size) ||
	    posix_memalign((void **)&disk.buffer, BLOCK, BLOCK))
		fail("%s cannot be opened", path);
	disk.blocks = size / BLOCK;
	return disk;
}

static void run_reads(struct load *load)
{
	struct disk disk = open_disk(read_disk, O_RDONLY);
	size_t size = (size_t)disk.blocks * BLOCK;
	unsigned char *content = aligned_alloc(BLOCK, size);
	unsigned int state = 1;

	for (size_t at = 0; at < size; at += MOST)
		if (pread(disk.fd, content + at, MOST, at) != MOST)
			fail("reads: the disk cannot be read at %zu", at);
	while (!ending) {
		unsigned int block = shuffle(&state) % disk.blocks;

		++load->issued;
		if (pread(disk.fd, disk.buffer, BLOCK, (off_t)block * BLOCK) != BLOCK)
			fail("reads: block %u cannot be read", block);
		if (memcmp(disk.buffer, content + (size_t)block * BLOCK, BLOCK))
			fail("reads: block %u has changed", block);
		++load->completed;
	}
}

/* Fills a block with words that no other block and no other time has. */
static void fill(unsigned char *buffer, unsigned long seed)
{
	for (size_t at = 0; at < BLOCK; at += sizeof(seed)) {
		unsigned long word = seed * 0x9e3779b97f4a7c15ul + at;

		memcpy(buffer + at, &word, sizeof(word));
	}
}

static void run_writes(struct load *load)
{
	struct disk disk = open_disk(write_disk, O_RDWR);
	unsigned char *written = malloc(BLOCK);
	unsigned int state = 2;

	while (!ending) {
		unsigned int block = shuffle(&state) % disk.blocks;

		++load->issued;
		fill(written, load->issued * disk.blocks + block);
		memcpy(disk.buffer, written, BLOCK);
		if (pwrite(disk.fd, disk.buffer, BLOCK, (off_t)block * BLOCK) != BLOCK)
			fail("writes: block %u cannot be written", block);
		memset(disk.buffer, 0, BLOCK);
		if (pread(disk.fd, disk.buffer, BLOCK, (off_t)block * BLOCK) != BLOCK)
			fail("writes: block %u cannot be read", block);
		if (memcmp(disk.buffer, written, BLOCK))
			fail("writes: block %u is not what was written", block);
		++load->completed;
	}
}

/* ---- echoes ---- */

struct echo {
	struct icmphdr header;
	unsigned char payload[1000];
};

static uint16_t checksum(const void *data, size_t size)
{
	const unsigned char *bytes = data;
	uint32_t sum = 0;

	for (size_t at = 0; at + 1 < size; at += 2) {
		uint16_t word;

		memcpy(&word, bytes + at, sizeof(word));
		sum += word;
	}
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static struct echo make_echo(unsigned long number)
{
	struct echo echo = { .header = { .type = ICMP_ECHO } };

	echo.header.un.echo.id = htons(number >> 16 & 0xffff);
	echo.header.un.echo.sequence = htons(number & 0xffff);
	for (size_t at = 0; at < sizeof(echo.payload); at++)
		echo.payload[at] = number + at;
	echo.header.checksum = checksum(&echo, sizeof(echo));
	return echo;
}

static void send_echo(int fd, const struct sockaddr_in *to, unsigned long number)
{
	struct echo echo = make_echo(number);

	if (sendto(fd, &echo, sizeof(echo), 0, (const struct sockaddr *)to, sizeof(*to)) != sizeof(echo))
		fail("echoes: number %lu cannot be sent", number);
}

/* The number of the answer that has come; 0 if it is something else. */
static unsigned long receive_echo(int fd)
{
	struct {
		struct iphdr ip;
		struct echo echo;
	} packet;
	struct echo sent;
	unsigned long number;

	if (recv(fd, &packet, sizeof(packet), 0) != sizeof(packet) || packet.echo.header.type != ICMP_ECHOREPLY)
		return 0;
	number = (unsigned long)ntohs(packet.echo.header.un.echo.id) << 16 |
		 ntohs(packet.echo.header.un.echo.sequence);
	sent = make_echo(number);
	if (memcmp(packet.echo.payload, sent.payload, sizeof(sent.payload)))
		fail("echoes: number %lu came back changed", number);
	return number;
}

static void run_echoes(struct load *load)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	struct pollfd input = { .fd = fd, .events = POLLIN };

	if (fd < 0 || !inet_aton(peer, &to.sin_addr))
		fail("echoes: no socket");
	while (!ending) {
		unsigned long first = load->issued + 1;
		unsigned int missing = (1u << WINDOW) - 1;

		for (unsigned int at = 0; at < WINDOW; at++)
			send_echo(fd, &to, ++load->issued);
		while (missing) {
			if (poll(&input, 1, ECHO_TIMEOUT) > 0) {
				unsigned long at = receive_echo(fd) - first;

				/* An answer to one that was sent twice may come twice. */
				if (at < WINDOW && missing & 1u << at) {
					missing &= ~(1u << at);
					++load->completed;
				}
				continue;
			}
			for (unsigned int at = 0; at < WINDOW; at++) {
				if (missing & 1u << at) {
					send_echo(fd, &to, first + at);
					++echoes_again;
				}
			}
		}
	}
}

/* ---- moves ---- */

static bool route(const char *path, const char *mask)
{
	int fd = open(path, O_WRONLY);
	bool done = fd >= 0 && write(fd, mask, strlen(mask)) > 0;

	close(fd);
	return done;
}

/* Some interrupts belong to one CPU for good; there have to be others. */
static void run_moves(struct load *load)
{
	static const char *const masks[] = { "1", "2" };
	glob_t interrupts;

	if (glob("/proc/irq/[0-9]*/smp_affinity", 0, NULL, &interrupts))
		fail("moves: no interrupts");
	while (!ending) {
		const char *mask = masks[load->completed % 2];
		bool moved = false;

		++load->issued;
		for (size_t i = 0; i < interrupts.gl_pathc; i++)
			moved |= route(interrupts.gl_pathv[i], mask);
		if (!moved)
			fail("moves: no interrupt can be moved");
		++load->completed;
		usleep(MOVE_INTERVAL);
	}
}

/* ---- all of it ---- */

static struct load loads[] = {
	{ .name = "wakeups", .run = run_wakeups, .cpu = 0 },
	{ .name = "barriers", .run = run_barriers, .cpu = 1 },
	{ .name = "reads", .run = run_reads, .cpu = 0 },
	{ .name = "writes", .run = run_writes, .cpu = 1 },
	{ .name = "echoes", .run = run_echoes, .cpu = 0 },
	{ .name = "moves", .run = run_moves, .cpu = 1 },
};

#define LOADS (sizeof(loads) / sizeof(loads[0]))

static void *start(void *argument)
{
	struct load *load = argument;

	stay_on(load->cpu);
	load->run(load);
	load->ended = true;
	return NULL;
}

static void report(void)
{
	printf("STORM");
	for (size_t i = 0; i < LOADS; i++)
		printf(" %s=%lu", loads[i].name, loads[i].completed);
	printf(" again=%lu\n", echoes_again);
	fflush(stdout);
}

/* Fails if one of the loads has stood still for too long. */
static void watch(void)
{
	static unsigned long last[LOADS];
	static unsigned int since[LOADS];

	for (size_t i = 0; i < LOADS; i++) {
		unsigned long now = loads[i].completed;

		since[i] = now == last[i] && !loads[i].ended ? since[i] + 1 : 0;
		last[i] = now;
		if (since[i] > STUCK * 1000 / INTERVAL)
			fail("%s: request %lu waits for ever", loads[i].name, (unsigned long)loads[i].issued);
	}
}

static bool all_ended(void)
{
	for (size_t i = 0; i < LOADS; i++)
		if (!loads[i].ended)
			return false;
	return true;
}

int main(int count, char **arguments)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	char line[80];

	if (count != 4)
		fail("usage: storm PEER READ-DISK WRITE-DISK");
	peer = arguments[1];
	read_disk = arguments[2];
	write_disk = arguments[3];
	for (size_t i = 0; i < LOADS; i++)
		if (pthread_create(&loads[i].thread, NULL, start, &loads[i]))
			fail("no thread");

	while (!all_ended()) {
		if (ending)
			usleep(INTERVAL * 1000);
		else if (poll(&input, 1, INTERVAL) > 0)
			ending = read(STDIN_FILENO, line, sizeof(line)) > 0;
		watch();
		if (!ending)
			report();
	}

	for (size_t i = 0; i < LOADS; i++)
		if (loads[i].issued != loads[i].completed)
			fail("%s: %lu issued, %lu completed", loads[i].name, loads[i].issued, loads[i].completed);
	if (wakeups_seen != loads[0].completed)
		fail("wakeups: %lu sent, %lu seen by the other CPU", loads[0].completed, wakeups_seen);
	report();
	printf("STORM END echoes sent: %lu\n", loads[4].issued + echoes_again);
	printf("STORM END echoes sent again: %lu\n", echoes_again);
	return 0;
}
