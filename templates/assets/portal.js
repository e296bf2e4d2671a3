// Starts the design system's scripts. Every page works without them. The name below becomes the hashed address when embedded.
import { initAll } from "nhsuk-frontend.min.js";

initAll();
