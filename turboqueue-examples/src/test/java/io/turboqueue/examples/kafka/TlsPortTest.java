package io.turboqueue.examples.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TlsPortTest {

    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir
    Path folder;

    @Test
    void aPortWithACertificateThatNobodyTrustsSpeaksTls() throws Exception {
        try (ServerSocket server = context().getServerSocketFactory().createServerSocket(0, 5, loopback())) {
            answer(server, socket -> {
                try (InputStream in = socket.getInputStream()) {
                    assertThat(in.read()).isNegative(); // the handshake
                }
            });

            assertThat(TlsPort.of(address(server))).isEqualTo(TlsPort.TLS);
        }
    }

    @Test
    void aPortThatHangsUpOrAnswersSomethingElseDoesNot() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, loopback())) {
            answer(server, Socket::close);

            assertThat(TlsPort.of(address(server))).isEqualTo(TlsPort.PLAINTEXT);
        }
        try (ServerSocket server = new ServerSocket(0, 5, loopback())) {
            answer(server, socket -> socket.getOutputStream()
                    .write("220 hello\r\n".getBytes(StandardCharsets.US_ASCII)));

            assertThat(TlsPort.of(address(server))).isEqualTo(TlsPort.PLAINTEXT);
        }
    }

    @Test
    void aPortThatSaysNothingDoesNot() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, loopback())) {
            assertThat(TlsPort.of(address(server))).isEqualTo(TlsPort.PLAINTEXT);
        }
    }

    @Test
    void theFirstBrokerThatCanBeReachedDecides() throws Exception {
        String closed;
        try (ServerSocket server = new ServerSocket(0, 5, loopback())) {
            closed = address(server);
        }
        assertThat(TlsPort.of(closed)).isEqualTo(TlsPort.UNREACHABLE);
        try (ServerSocket server = new ServerSocket(0, 5, loopback())) {
            answer(server, Socket::close);

            assertThat(TlsPort.of(closed + " , " + address(server))).isEqualTo(TlsPort.PLAINTEXT);
        }
    }

    private interface Answer {
        void to(Socket socket) throws IOException;
    }

    private static void answer(ServerSocket server, Answer answer) {
        Thread thread = new Thread(() -> {
            try (Socket socket = server.accept()) {
                answer.to(socket);
            } catch (IOException over) {
                // the client has seen enough
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static InetAddress loopback() {
        return InetAddress.getLoopbackAddress();
    }

    private static String address(ServerSocket server) {
        return "127.0.0.1:" + server.getLocalPort();
    }

    private SSLContext context() throws Exception {
        Path file = folder.resolve("keys.p12");
        List<String> keytool = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "broker",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString());
        assertThat(new ProcessBuilder(keytool)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor())
                .isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
