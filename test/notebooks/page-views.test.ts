/**
 * Tests the pages of a lesson and of a lab as their readers see them. test/long has all of them.
 */
import { testPages } from "./page-views-of";

testPages(["lesson-1", "labs/lab-1"]);
