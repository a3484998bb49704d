package dev.towpath.programs;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The {@link Site} in servers of servlets. */
public final class SiteServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Site.Answer answer = Site.answer(request.getRequestURI(), request.getInputStream(), request.getRemotePort());
        response.setStatus(answer.status());
        response.setContentLengthLong(answer.length());
        answer.body().transferTo(response.getOutputStream());
    }
}
