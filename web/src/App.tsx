import { Center, Loader } from "@mantine/core";
import { Suspense, lazy } from "react";
import { Navigate, Route, Routes, useLocation } from "react-router";
import { useEvents } from "./api/events";
import { type Arrival, endedSession, leftOnPurpose, useSession } from "./api/session";
import { Boundary } from "./parts/Boundary";
import { Loading } from "./parts/Loading";
import { Problem } from "./parts/Problem";
import Home from "./pages/home/Home";
import Missing from "./pages/Missing";
import { Nowhere } from "./pages/Nowhere";
import SignIn from "./pages/SignIn";
import { Shell } from "./shell/Shell";

const Shared = lazy(() => import("./pages/shared/Shared"));
const OneTimeLink = lazy(() => import("./pages/OneTimeLink"));
const Compose = lazy(() => import("./pages/compose/Compose"));
const BriefPage = lazy(() => import("./pages/compose/BriefPage"));
const PlanPage = lazy(() => import("./pages/plan/PlanPage"));
const Campaigns = lazy(() => import("./pages/campaigns/Campaigns"));
const Monitor = lazy(() => import("./pages/monitor/Monitor"));
const Data = lazy(() => import("./pages/data/Data"));
const Models = lazy(() => import("./pages/models/Models"));
const Settings = lazy(() => import("./pages/settings/Settings"));

/** What a link opens without signing in, else the dashboard. */
export function App() {
  const path = useLocation().pathname;
  if (path !== "/shared") return <Dashboard />;
  return (
    <Suspense fallback={<Waiting />}>
      <Shared />
    </Suspense>
  );
}

/** The dashboard: a page for whoever is signed in, else the way in. */
function Dashboard() {
  const { data: session, error, refetch, isPending } = useSession();
  const where = useLocation();
  useEvents(Boolean(session?.workspace), session?.workspace, session?.name ?? null);
  if (where.pathname === "/link") {
    return (
      <Suspense fallback={<Waiting />}>
        <OneTimeLink />
      </Suspense>
    );
  }
  if (isPending) return <Waiting />;
  if (!session) {
    return (
      <Center mih="100vh" p="md">
        <Problem error={error} retry={() => void refetch()} />
      </Center>
    );
  }
  const here = where.pathname + where.search;
  if (!session.signed_in) {
    const arrival: Arrival = { from: leftOnPurpose() ? "/" : here, ended: endedSession() };
    return where.pathname === "/sign-in" ? <SignIn session={session} /> : <Navigate to="/sign-in" state={arrival} replace />;
  }
  if (!session.workspace) return <Nowhere session={session} />;
  if (where.pathname === "/sign-in") return <Navigate to={(where.state as Arrival | null)?.from ?? "/"} replace />;
  return (
    <Shell session={session}>
      <Boundary at={where.pathname}>
        <Suspense fallback={<Loading />}>
          <Routes>
            <Route path="/" element={<Home />} />
            <Route path="/compose" element={<Compose />} />
            <Route path="/briefs/:id" element={<BriefPage />} />
            <Route path="/plans/:id" element={<PlanPage />} />
            <Route path="/campaigns/*" element={<Campaigns />} />
            <Route path="/monitor/*" element={<Monitor />} />
            <Route path="/data/*" element={<Data />} />
            <Route path="/models/*" element={<Models />} />
            <Route path="/settings/*" element={<Settings />} />
            <Route path="*" element={<Missing />} />
          </Routes>
        </Suspense>
      </Boundary>
    </Shell>
  );
}

function Waiting() {
  return (
    <Center mih="100vh">
      <Loader aria-label="Loading" />
    </Center>
  );
}
