package io.gantry.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The conformance corpus: half a thousand images, good, odd and hostile, each with its verdict. */
final class Corpus {

  private static final String MANIFEST = "manifest.tsv";

  private Corpus() {}

  /** Returns the rows of QCOW2 and raw; makes the images if that has not been done. */
  static Stream<CorpusRow> coreRows() throws IOException, InterruptedException {
    Path script = script();
    Path corpus = made(script);
    List<String> lines = Files.readAllLines(corpus.resolve(MANIFEST));
    return lines.stream()
        .skip(1)
        .map(line -> CorpusRow.parse(line, corpus))
        .filter(row -> row.tier().equals("core"));
  }

  /** Returns the row with this name. */
  static CorpusRow row(String id) throws IOException, InterruptedException {
    return coreRows()
        .filter(row -> row.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("the corpus has no " + id));
  }

  private static Path script() {
    Supplier<String> absent = () -> "needs ../shared/corpus/make-corpus, or GANTRY_SHARED";
    Path script =
        Workspace.shared().map(shared -> shared.resolve("corpus/make-corpus")).orElse(null);
    Assumptions.assumeTrue(script != null && Files.exists(script), absent);
    return script;
  }

  /** Classes run side by side: the first makes the corpus and the others wait for it. */
  private static synchronized Path made(Path script) throws IOException, InterruptedException {
    Path corpus = Workspace.kept("corpus");
    Path manifest = corpus.resolve(MANIFEST);
    if (!Files.exists(manifest) || isOlder(manifest, script)) {
      Files.createDirectories(corpus.getParent());
      Tool.run("python3", script, corpus);
    }
    return corpus;
  }

  private static boolean isOlder(Path made, Path source) {
    try {
      return Files.getLastModifiedTime(made).compareTo(Files.getLastModifiedTime(source)) < 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
