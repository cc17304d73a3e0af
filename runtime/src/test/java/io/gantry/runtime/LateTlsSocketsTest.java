package io.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

final class LateTlsSocketsTest {

  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  @Test
  void goesOnWithTheNextClientWhenOneCannotBeServed() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (ServerSocket server =
            new LateTlsSockets(() -> failingFirst(asked)).createServerSocket(0, 0, HERE);
        Socket first = new Socket(HERE, server.getLocalPort());
        Socket second = new Socket(HERE, server.getLocalPort());
        Socket accepted = server.accept()) {
      first.setSoTimeout(10_000);

      assertThat(first.getInputStream().read()).isEqualTo(-1);
      assertThat(accepted).isInstanceOf(SSLSocket.class);
      assertThat(accepted.getPort()).isEqualTo(second.getLocalPort());
      assertThat(asked).hasValue(2);
    }
  }

  @Test
  void makesNoContextBeforeTheFirstClientAndNoneForTheSecond() throws Exception {
    AtomicInteger asked = new AtomicInteger(1);
    try (ServerSocket server =
        new LateTlsSockets(() -> failingFirst(asked)).createServerSocket(0, 0, HERE)) {
      assertThat(asked).hasValue(1);
      for (int i = 0; i < 2; i++) {
        try (Socket client = new Socket(HERE, server.getLocalPort());
            Socket accepted = server.accept()) {
          assertThat(accepted.getPort()).isEqualTo(client.getLocalPort());
        }
      }
      assertThat(asked).hasValue(2);
    }
  }

  @Test
  void stopsWaitingForClientsWhenItIsClosed() throws Exception {
    ServerSocket server =
        new LateTlsSockets(() -> failingFirst(new AtomicInteger())).createServerSocket(0);
    CompletableFuture<Socket> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return server.accept();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    server.close();

    assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(SocketException.class);
  }

  private static SSLContext failingFirst(AtomicInteger asked) {
    if (asked.incrementAndGet() == 1) {
      throw new IllegalStateException("not this time");
    }
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
