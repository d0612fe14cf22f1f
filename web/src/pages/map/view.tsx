/** The map of a run. */
import { useEffect, useState } from "preact/hooks";
import { RunMap } from "../../components/map";
import { loadChart, type Chart } from "../../lib/charts";
import { tellError } from "../../lib/messages";
import { run, study } from "../../lib/session";
import "./map.css";

export default function MapPage() {
  const [chart, setChart] = useState<Chart | null>(null);
  useEffect(() => { loadChart(study.value!.id, run.value).then(setChart, tellError); }, []);
  if (!chart) return null;
  return <div class="map-page"><RunMap study={study.value!.id} run={run.value} alternative={Object.keys(chart.alternatives)[0]!} chart={chart} label="map" /></div>;
}
