/** What tests of several modules share: contracts, real servers, faults. */
package io.gantry.testkit;
