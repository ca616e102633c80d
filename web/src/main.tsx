import "@mantine/core/styles.css";
import "@mantine/spotlight/styles.css";
import "./styles.css";
import { MantineProvider } from "@mantine/core";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "./App";
import { ProblemError, isSignedOut } from "./api/client";
import type { Session } from "./api/session";
import { Boundary } from "./parts/Boundary";
import { schemeManager, theme } from "./theme";

/** Only what may be a hiccup is asked again by itself. */
const again = (failures: number, error: Error) =>
  failures < 2 && error instanceof ProblemError && (error.status === 0 || error.status >= 502);

/** Where a session has ended in mid-work, who is signed in is asked anew; the page then leads to the sign-in and back. */
const lost = (error: Error) => {
  const session = client.getQueryData<Session>(["session"]);
  if (session?.signed_in && isSignedOut(error)) void client.invalidateQueries({ queryKey: ["session"] });
};

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: lost }),
  mutationCache: new MutationCache({ onError: lost }),
  defaultOptions: { queries: { retry: again, staleTime: 15_000 } },
});

const root = document.getElementById("root");
if (!root) throw new Error("The page has no place for the dashboard.");
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} colorSchemeManager={schemeManager} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <BrowserRouter>
          <Boundary>
            <App />
          </Boundary>
        </BrowserRouter>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
