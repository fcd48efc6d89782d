// SPDX-License-Identifier: GPL-2.0-only
#include "interleavings.h"

#include <ucontext.h>

#include <array>
#include <bit>
#include <memory>

#include "test_platform.h"

namespace vintc::test {

/* The actors of one run, on stacks of their own. */
struct Fibers {
	static constexpr size_t kMost = 4, kStack = 256 << 10;

	struct Fiber {
		ucontext_t context;
		std::unique_ptr<char[]> stack = std::make_unique<char[]>(kStack);

		/* Not inlined: getcontext() could return twice, for all the compiler knows. */
		[[gnu::noinline]] void prepare(void (*enter)())
		{
			getcontext(&context);
			context.uc_stack.ss_sp = stack.get();
			context.uc_stack.ss_size = kStack;
			context.uc_link = nullptr;
			makecontext(&context, enter, 0);
		}
	};

	std::array<Fiber, kMost> of;
	ucontext_t outside;
	const std::vector<Actor> *actors;
	Interleavings *schedule = nullptr; /* null: nobody runs */
	unsigned runnable = 0;
	int running = -1;

	void run(Interleavings &by, const std::vector<Actor> &all)
	{
		schedule = &by;
		actors = &all;
		runnable = (1u << all.size()) - 1;
		for (size_t i = 0; i < all.size(); i++)
			of[i].prepare(enter);
		running = schedule->choose(-1, runnable);
		swapcontext(&outside, &of[size_t(running)].context);
		schedule = nullptr;
		running = -1;
	}

	/* The running actor is about to do something that others see. */
	void step()
	{
		if (!schedule)
			return;

		int from = running;
		int to = schedule->choose(from, runnable);

		if (to == from)
			return;
		running = to;
		swapcontext(&of[size_t(from)].context, &of[size_t(to)].context);
	}

	static void enter();

	void finish()
	{
		runnable &= ~(1u << running);
		if (!runnable)
			setcontext(&outside);
		running = schedule->choose(-1, runnable);
		setcontext(&of[size_t(running)].context);
	}
};

namespace {

Fibers fibers;
size_t steps;

} // namespace

void Fibers::enter()
{
	(*fibers.actors)[size_t(fibers.running)]();
	fibers.finish();
}

void Interleavings::run(const std::vector<Actor> &actors)
{
	depth_ = 0;
	count_++;
	before_line_change = [] { fibers.step(); };
	fibers.run(*this, actors);
	before_line_change = nullptr;
}

int Interleavings::choose(int running, unsigned runnable)
{
	if (depth_ == choices_.size()) {
		unsigned preemptions = 0;
		int first = running >= 0 ? running : std::countr_zero(runnable);

		if (depth_ > 0) {
			const Choice &last = choices_.back();

			preemptions = last.preemptions + last.preempts(last.chosen);
		}
		choices_.push_back({ runnable, 1u << first, running, first, preemptions });
	}
	return choices_[depth_++].chosen;
}

bool Interleavings::next()
{
	for (; !choices_.empty(); choices_.pop_back()) {
		Choice &c = choices_.back();
		unsigned untried = c.runnable & ~c.tried;

		if (!untried || (c.running >= 0 && c.preemptions == most_preemptions_))
			continue;
		c.chosen = std::countr_zero(untried);
		c.tried |= 1u << c.chosen;
		return true;
	}
	return false;
}

std::string Interleavings::schedule() const
{
	std::string actors;

	for (const Choice &c : choices_)
		actors += char('0' + c.chosen);
	return actors;
}

size_t steps_done()
{
	return steps;
}

} // namespace vintc::test

extern "C" void vintc_test_step(void)
{
	vintc::test::steps++;
	vintc::test::fibers.step();
}
