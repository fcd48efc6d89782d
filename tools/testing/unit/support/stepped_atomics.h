// SPDX-License-Identifier: GPL-2.0-only
/*
 * Included in front of the core's sources (-include), it announces each atomic
 * operation on a word of state: there interleavings.h may change to another
 * actor. Pointers that are published once are no such place.
 */
#ifndef VINTC_UNIT_STEPPED_ATOMICS_H
#define VINTC_UNIT_STEPPED_ATOMICS_H

extern "C" void vintc_test_step(void);

namespace vintc::test {

template <class Word> inline Word load_n(const Word *word, int order)
{
	vintc_test_step();
	return __atomic_load_n(word, order);
}

template <class T> inline T *load_n(T *const *pointer, int order)
{
	return __atomic_load_n(pointer, order);
}

template <class T> inline void store_n(T *to, T value, int order)
{
	__atomic_store_n(to, value, order);
}

/* A word that is stored, and not a pointer or a counter. */
inline void store_n(unsigned *word, unsigned value, int order)
{
	vintc_test_step();
	__atomic_store_n(word, value, order);
}

} // namespace vintc::test

#define __atomic_load_n vintc::test::load_n
#define __atomic_store_n vintc::test::store_n
#define __atomic_compare_exchange_n(...) \
	(vintc_test_step(), __atomic_compare_exchange_n(__VA_ARGS__))
#define __atomic_exchange_n(...) (vintc_test_step(), __atomic_exchange_n(__VA_ARGS__))
#define __atomic_fetch_or(...) (vintc_test_step(), __atomic_fetch_or(__VA_ARGS__))
#define __atomic_fetch_and(...) (vintc_test_step(), __atomic_fetch_and(__VA_ARGS__))

#endif /* VINTC_UNIT_STEPPED_ATOMICS_H */
