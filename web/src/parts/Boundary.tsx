import { Component, type ReactNode, useState } from "react";
import { ProblemError } from "../api/client";
import { Problem } from "./Problem";

interface Asked {
  /** Where the reader is: what went wrong elsewhere is forgotten. */
  at?: string;
  children: ReactNode;
}

/** Keeps a part that breaks, or whose code cannot be fetched, from taking the whole page with it. */
export class Boundary extends Component<Asked, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidUpdate(before: Asked) {
    if (this.state.error && before.at !== this.props.at) this.setState({ error: null });
  }

  override render() {
    return this.state.error ? <Broken error={this.state.error} /> : this.props.children;
  }
}

/** What browsers say where a part of the dashboard's own code cannot be fetched. */
const UNFETCHED = /dynamically imported module|importing a module script/i;

function Broken({ error }: { error: Error }) {
  const [tries, setTries] = useState(0);
  const unfetched = UNFETCHED.test(error.message);
  const told = unfetched
    ? { detail: "The server cannot be reached.", remedy: "See that marketmover serve is running and that this computer is online; then try again." }
    : { detail: "Something in this page broke.", remedy: "Nothing that was saved is lost. Try again; if it stays, tell who runs marketmover what you did before." };
  const again = async () => {
    const there = await fetch("/healthz", { cache: "no-store" }).then((answer) => answer.ok, () => false);
    if (there) window.location.reload();
    else setTries(tries + 1);
  };
  return <Problem key={tries} error={new ProblemError(told, 0)} retry={() => void again()} />;
}
