/**
 * What a broken import leaves for the next one: a journal of what is at the target for good, and a
 * target that keeps it.
 */
@org.jspecify.annotations.NullMarked
package io.gantry.journal;
