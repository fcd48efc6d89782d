// SPDX-License-Identifier: GPL-2.0-only
/* XICS: the hypercalls of one interrupt, from a server or from a source. */
#include "rows.h"

#include <deque>
#include <memory>

namespace vintc::native {

namespace {

constexpr u32 kIpi = 2, kFirstSource = 0x1000;
constexpr u8 kPriority = 5, kNobody = 0xff;

constexpr u32 xirr_of(u32 number)
{
	return u32(kNobody) << 24 | number;
}

class Xics {
public:
	Xics(u32 servers, u32 sources)
		: xics_(vintc_xics_create(servers, nullptr), vintc_xics_destroy)
	{
		expect(xics_ != nullptr, "vintc_xics_create");
		for (u32 server = 0; server < servers; server++)
			connect(server);
		for (u32 i = 0; i < sources; i++)
			expect(vintc_xics_set_source(xics_.get(), kFirstSource + i,
						     u64(kPriority) << 32) == VINTC_OK,
			       "vintc_xics_set_source");
	}

	void ipi(u32 from, u32 to, u8 mfrr)
	{
		unsigned long gprs[] = { to, mfrr };

		hypercall(from, VINTC_H_IPI, gprs);
	}

	u32 xirr(u32 server)
	{
		unsigned long gprs[] = { 0, 0 };

		expect(cpus_[server].line, "no line is up before H_XIRR");
		hypercall(server, VINTC_H_XIRR, gprs);
		return u32(gprs[0]);
	}

	void eoi(u32 server, u32 xirr)
	{
		unsigned long gprs[] = { xirr, 0 };

		hypercall(server, VINTC_H_EOI, gprs);
	}

	void msi(u32 source)
	{
		expect(vintc_xics_inject(xics_.get(), source, VINTC_PULSE) == VINTC_DELIVERED,
		       "vintc_xics_inject");
	}

private:
	void connect(u32 server)
	{
		vintc_icp *icp;

		expect(vintc_xics_connect(xics_.get(), server, &cpus_.emplace_back(), &icp) ==
			       VINTC_OK,
		       "vintc_xics_connect");
		icps_.push_back(icp);

		unsigned long open[] = { kNobody, 0 };

		hypercall(server, VINTC_H_CPPR, open);
	}

	void hypercall(u32 server, unsigned long number, unsigned long *gprs)
	{
		expect(vintc_xics_hypercall(xics_.get(), icps_[server], number, gprs) ==
			       VINTC_H_SUCCESS,
		       "a hypercall");
	}

	std::unique_ptr<vintc_xics, void (*)(vintc_xics *)> xics_;
	std::deque<Cpu> cpus_; /* they stay where they are */
	std::vector<vintc_icp *> icps_;
};

/* From server 0 to the last of them, which takes it, withdraws it and ends it. */
template <u32 kServers> Repeat ipi_cycle()
{
	auto xics = std::make_shared<Xics>(kServers, 0);

	return [=](u64 times) {
		constexpr u32 kTo = kServers - 1;

		while (times--) {
			xics->ipi(0, kTo, kPriority);
			expect(xics->xirr(kTo) == xirr_of(kIpi), "H_XIRR of an IPI");
			xics->ipi(kTo, kTo, kNobody);
			xics->eoi(kTo, xirr_of(kIpi));
		}
	};
}

Repeat msi_cycle()
{
	auto xics = std::make_shared<Xics>(1, 1);

	return [=](u64 times) {
		while (times--) {
			xics->msi(kFirstSource);
			expect(xics->xirr(0) == xirr_of(kFirstSource), "H_XIRR of an MSI");
			xics->eoi(0, xirr_of(kFirstSource));
		}
	};
}

/* One of them is let through by the EOI of another, which then comes again and waits. */
template <u32 kWaiting, u32 kSources> Repeat resend()
{
	auto xics = std::make_shared<Xics>(1, kSources);

	for (u32 i = 0; i <= kWaiting; i++)
		xics->msi(kFirstSource + i);
	return [=](u64 times) {
		while (times--) {
			u32 xirr = xics->xirr(0), source = xirr & 0xffffff;

			expect(xirr >> 24 == kNobody && source - kFirstSource <= kWaiting,
			       "H_XIRR of one that waited");
			xics->eoi(0, xirr);
			xics->msi(source);
		}
	};
}

} // namespace

std::vector<Row> xics_rows()
{
	return {
		{ "ipi-cycle", ipi_cycle<1> },
		{ "msi-cycle", msi_cycle },
		{ "ipi-2-servers", ipi_cycle<2> },
		{ "ipi-64-servers", ipi_cycle<64> },
		{ "ipi-256-servers", ipi_cycle<256> },
		{ "resend-1000-waiting", resend<1000, 1001> },
		{ "resend-1-of-16384", resend<1, 16384> },
	};
}

} // namespace vintc::native
