// SPDX-License-Identifier: GPL-2.0-only
/* How many instructions a piece of code takes: a child runs it, step by step. */
#ifndef VINTC_UNIT_INSTRUCTIONS_H
#define VINTC_UNIT_INSTRUCTIONS_H

#include <csignal>
#include <optional>

#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

namespace vintc::test {

/* Nothing: this machine does not let a process trace its child. Includes the cost of a raise(). */
template <class Code> std::optional<unsigned> instructions(Code code)
{
	int status = 0;
	unsigned steps = 0;
	pid_t child = fork();

	if (child == 0) {
		if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0)
			_exit(2);
		raise(SIGSTOP);
		code();
		raise(SIGSTOP);
		_exit(0);
	}
	if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
		return {};
	for (;;) {
		if (ptrace(PTRACE_SINGLESTEP, child, nullptr, nullptr) != 0 ||
		    waitpid(child, &status, 0) != child)
			return {};
		if (!WIFSTOPPED(status) || WSTOPSIG(status) != SIGTRAP)
			break;
		steps++;
	}

	bool whole = WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP;

	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	return whole ? std::optional(steps) : std::nullopt;
}

} // namespace vintc::test

#endif /* VINTC_UNIT_INSTRUCTIONS_H */
