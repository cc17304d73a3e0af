package io.gantry.cli;

import com.google.gson.stream.JsonWriter;
import io.gantry.cli.ProgressMeter.Moment;
import io.gantry.transfer.Progress.Counts;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;

/** A JSON object a line, for programs that show progress themselves. */
final class JsonView implements ProgressView {

  @Override
  public Duration interval() {
    return Duration.ofSeconds(1);
  }

  @Override
  public String show(Moment moment) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      write(json, moment);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text + "\n";
  }

  /** The last line makes the counts complete; whether it went well is the exit status' business. */
  @Override
  public String last(Moment moment) {
    return show(moment);
  }

  private static void write(JsonWriter json, Moment moment) throws IOException {
    Counts counts = moment.counts();
    json.beginObject();
    json.name("phase").value(counts.phase().name().toLowerCase(Locale.ROOT));
    number(json.name("percent"), 100 * moment.fraction());
    number(json.name("bytes-per-second"), moment.bytesPerSecond());
    number(json.name("seconds-left"), moment.secondsLeft());
    json.name("work-done").value(counts.workDone());
    json.name("work-total");
    if (counts.workTotal() < 0) {
      json.nullValue();
    } else {
      json.value(counts.workTotal());
    }
    json.name("bytes-read").value(counts.bytesRead());
    json.name("data-bytes").value(counts.dataBytes());
    json.name("zero-bytes").value(counts.zeroBytes());
    json.name("skipped-bytes").value(counts.skippedBytes());
    json.name("scratch-bytes").value(counts.scratchBytes());
    json.endObject();
  }

  /** Writes with one decimal; what is not known is null. */
  private static void number(JsonWriter json, double value) throws IOException {
    if (Double.isNaN(value)) {
      json.nullValue();
    } else {
      json.value(Math.round(value * 10) / 10.0);
    }
  }
}
