/** Address of the script that the map's worker runs; vite.config.ts makes it. */
declare module "virtual:map-worker" {
  const address: string;
  export default address;
}
