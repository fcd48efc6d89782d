// SPDX-License-Identifier: GPL-2.0-only
/*
 * Servers: the ICPs of a VM, found by number with two loads, whatever their
 * number.
 */
#ifndef VINTC_CORE_XICS_SERVER_H
#define VINTC_CORE_XICS_SERVER_H

#include "../atomic.h"
#include "../controller.h"
#include "../platform.h"
#include "icp.h"

/* One ICP and what belongs to it. */
struct vintc_icp {
	vintc::Cell<vintc::xics::IcpState> state;
	/*
	 * Where sources may wait for this server: a bit for each bucket of
	 * SourceTable. A hint: a bit may be set in vain, never missing.
	 */
	vintc::Bits buckets;
	void *cpu; /* platform.h's name of the vCPU */
	u32 server;

	vintc::Counter hypercalls; /* by the vCPU's own thread */
	vintc::Counter rtas_calls; /* likewise */
	vintc::Counter rejects;	   /* by whoever displaced a source here */
	vintc::Counter resends;	   /* by whoever let sources through here */

	void rejected(u32 source)
	{
		rejects.count();
		vintc_rejected(cpu, source);
	}

	void resent(u32 source)
	{
		resends.count();
		vintc_resent(cpu, source);
	}
};

namespace vintc::xics {

class ServerTable {
public:
	void limit(u32 limit) { limit_ = limit < kMost ? limit : kMost; }

	/* The bound was checked here, and the index is masked: no clamp is left to do. */
	vintc_icp *find(u32 server) const
	{
		if (server >= kMost)
			return nullptr;

		Chunk *chunk = chunks_[server / kChunk % kChunks].get();

		return chunk ? chunk->icps[server % kChunk].get() : nullptr;
	}

	/* Connects are serialised by the caller. */
	vintc_result add(u32 server, void *cpu, vintc_icp **added)
	{
		if (server >= limit_)
			return VINTC_INVALID;
		if (find(server))
			return VINTC_EXISTS;

		auto &slot = chunks_[server / kChunk % kChunks];
		Chunk *chunk = slot.get();

		if (!chunk) {
			chunk = static_cast<Chunk *>(vintc_alloc(sizeof(Chunk)));
			if (!chunk)
				return VINTC_NO_MEMORY;
			slot.publish(chunk);
		}

		auto *icp = static_cast<vintc_icp *>(vintc_alloc(sizeof(vintc_icp)));

		if (!icp)
			return VINTC_NO_MEMORY;
		icp->cpu = cpu;
		icp->server = server;
		icp->state.set(IcpState{});
		chunk->icps[server % kChunk].publish(icp);
		*added = icp;
		return VINTC_OK;
	}

	template <class Visit> void for_each(Visit visit) const
	{
		for (auto &slot : chunks_)
			if (Chunk *chunk = slot.get())
				for (auto &icp : chunk->icps)
					if (icp.get())
						visit(*icp.get());
	}

	void destroy()
	{
		for_each([](vintc_icp &icp) { vintc_free(&icp); });
		for (auto &slot : chunks_)
			vintc_free(slot.get());
	}

private:
	static constexpr u32 kMost = VINTC_XICS_SERVER_LIMIT;
	static constexpr u32 kChunk = 256;
	static constexpr u32 kChunks = kMost / kChunk;

	struct Chunk {
		Published<vintc_icp> icps[kChunk];
	};

	Published<Chunk> chunks_[kChunks];
	u32 limit_;
};

} // namespace vintc::xics

#endif /* VINTC_CORE_XICS_SERVER_H */
