/* SPDX-License-Identifier: GPL-2.0-only */
/* Small things every test needs: giving up, waiting, numbers that repeat. */
#ifndef VINTC_UTIL_H
#define VINTC_UTIL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#endif

/* What a test takes for granted did not work: say so and fail the test. */
void fatal(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

/* ioctl(2), but answers -errno. */
#define xioctl(fd, request, argument)					\
	neg_errno(ioctl(fd, request, (unsigned long)(argument)))
int neg_errno(int result);

/* The same for what the test takes for granted. */
#define must(call)							\
({									\
	int result_ = (call);						\
									\
	if (result_ < 0)						\
		fatal("%s:%d: %s: %s", __FILE__, __LINE__, #call,	\
		      error_name(-result_));				\
	result_;							\
})
const char *error_name(int error);

/*
 * Wait until a condition holds. It is looked at again and again for as long as
 * a slow, shared, emulated host could need; true if it came to hold.
 */
#define wait_for(condition)						\
({									\
	u64 patience_ = patience_begin();				\
	bool holds_;							\
									\
	while (!(holds_ = (condition)) && patience_left(patience_))	\
		;							\
	holds_;								\
})
/* The same without a pause between two looks: for what is about to happen. */
#define wait_briefly(condition)						\
({									\
	u64 patience_ = patience_begin();				\
	bool holds_;							\
									\
	while (!(holds_ = (condition)) && patience_yield(patience_))	\
		;							\
	holds_;								\
})
u64 patience_begin(void);
bool patience_yield(u64 begin);
bool patience_left(u64 begin);

/* How often something is repeated: n, times VINTC_SOAK from the environment. */
u64 soak(u64 n);

/* xorshift64*: the same numbers for the same seed, everywhere. */
struct random {
	u64 state;
};

void random_seed(struct random *random, u64 seed);
u64 random_below(struct random *random, u64 bound);

#endif /* VINTC_UTIL_H */
